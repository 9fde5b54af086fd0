"""Every mistake by its line, its field and a sentence: one row each, as it is printed."""
# ruff: noqa: E501 - a row of the table shows a whole sentence

import pytest

from models.catalog.yaml_source import LARGEST_FILE
from tests.catalog.small_catalog import SMALL, mistakes, with_line, with_policy

OTHER = """\
  - key: WEB
    name: Web
    channel: C0WEB
    owner: U0OLGA
    roles: {release_manager: [U0RITA]}
    policy:
      types: {minor: {approvals: {release_manager: 1}}}
"""

SINGLE = {
    "a misspelt field": (with_line(4, "    nam: Payments"), ["3: services[0].name: This is missing.", "4: services[0].nam: There is no field 'nam' here. Did you mean 'name'?"]),
    "a field nobody knows": (
        with_line(1, "revision: 4"),
        ["1: revision: There is no field 'revision' here. Did you mean 'version'?"],
    ),
    "an actor without a tool": (
        SMALL + "actors: {ann: U0ANN}\n",
        ["17: actors.ann: 'ann' is not the name that a tool calls somebody by; write the tool, a colon and the name, such as github:ann."],
    ),
    "an actor who is a group": (
        SMALL + "actors: {'github:ann': S0ANN}\n",
        ["17: actors.github:ann: 'S0ANN' is not a person's Slack id: it begins with U, and Slack shows it in their profile."],
    ),
    "an actor who is two people": (
        SMALL + "actors: {'github:ann': U0ANN, 'github:Ann': U0BOB}\n",
        ["17: actors.github:Ann: github:ann is somebody else; case does not matter here. Remove one."],
    ),
    "another version of the format": (with_line(1, "version: 2"), ["1: version: 2 does not fit here; write 1."]),
    "a name instead of a person's id": (
        with_line(6, "    owner: '@olga'"),
        ["6: services[0].owner: '@olga' is not a Slack id: a person's begins with U, a user group's with S, and Slack shows it in their profile."],
    ),
    "a channel by name": (
        with_line(5, "    channel: '#pay'"),
        ["5: services[0].channel: '#pay' is not the id of a channel; it begins with C, and Slack shows it in the channel's details."],
    ),
    "a word that YAML reads as true or false": (
        with_line(4, "    name: No"),
        ["4: services[0].name: YAML reads yes, no, on and off as true and false. Put the text in quotes."],
    ),
    "a version without quotes": (
        with_line(11, "      - {key: api, kind: software, name: API, version: 9.10}"),
        ['11: services[0].configuration_items[0].version: YAML does not read this as text. Put it in quotes: "9.1".'],
    ),
    "one person where a list belongs": (
        with_line(9, "      test_manager: U0TOM"),
        ["9: services[0].roles.test_manager: A list is needed here, such as [a, b] or lines that begin with a dash."],
    ),
    "a word where a number belongs": (
        with_line(14, "        minor: {approvals: {release_manager: one}}"),
        ["14: services[0].policy.types.minor.approvals.release_manager: A whole number is needed here, without quotes, not 'one'."],
    ),
    "a true where a number belongs": (
        with_line(14, "        minor: {approvals: {release_manager: yes}}"),
        ["14: services[0].policy.types.minor.approvals.release_manager: A whole number is needed here, without quotes, not true."],
    ),
    "no approvals": (
        with_line(14, "        minor: {approvals: {}}"),
        ["14: services[0].policy.types.minor.approvals: At least one is needed here."],
    ),
    "nothing behind a field": (
        with_line(14, "        minor:"),
        ["14: services[0].policy.types.minor: This is empty. Write a value, or leave the field out where it is not required."],
    ),
    "approval by a role that nobody holds": (
        with_line(14, "        minor: {approvals: {release_manger: 1}}"),
        ["14: services[0].policy.types.minor.approvals.release_manger: Nobody holds the role 'release_manger' in this service. Did you mean 'release_manager'?"],
    ),
    "more approvals than people": (
        with_line(14, "        minor: {approvals: {release_manager: 3}}"),
        ["14: services[0].policy.types.minor.approvals.release_manager: This asks for 3 approvals, but only 2 people hold the role release_manager."],
    ),
    "two roles held by one person": (
        with_line(9, "      test_manager: [U0OLGA]").replace("{release_manager: 1, owner: 1}", "{test_manager: 1, owner: 1}"),
        ["14: services[0].policy.types.minor.approvals: This asks 2 different people for approval, because nobody counts twice, but test_manager, owner are held by 1: U0OLGA."],
    ),
    "approval afterwards by nobody": (
        with_line(14, "        minor: {approvals: {owner: 1}, afterwards: {approvals: {lead: 1}, within: 2d}}"),
        ["14: services[0].policy.types.minor.afterwards.approvals.lead: Nobody holds the role 'lead' in this service. There is: release_manager, test_manager, owner."],
    ),
    "more approvals at a risk than people": (
        with_line(14, "        minor: {approvals: {release_manager: 1}, approvals_from: {high: {owner: 2, lead: 1}}}"),
        [
            "14: services[0].policy.types.minor.approvals_from.high.lead: Nobody holds the role 'lead' in this service. There is: release_manager, test_manager, owner.",
            "14: services[0].policy.types.minor.approvals_from.high.owner: This asks for 2 approvals, but only 1 person holds the role owner.",
        ],
    ),
    "approvals from a risk that there isn't": (
        with_line(14, "        minor: {approvals: {release_manager: 1}, approvals_from: {low: {owner: 1}}}"),
        ["14: services[0].policy.types.minor.approvals_from.low: 'low' does not fit here; write 'medium' or 'high'."],
    ),
    "rules of risk that don't fit": (
        with_policy("risk: [{when: {}, is: high}, {when: {type: majr, method: roling, items: [ap]}, is: low}]", "soft: [people]"),
        [
            "13: services[0].policy.risk[0].when: Say when: at least one of type, method, items, changes, hours.",
            "13: services[0].policy.risk[1].is: 'low' is not among medium, high.",
            "13: services[0].policy.risk[1].when.items[0]: No configuration item has the key 'ap'. Did you mean 'api'?",
            "13: services[0].policy.risk[1].when.method: This service has no deployment method 'roling'. Did you mean 'rolling'?",
            "13: services[0].policy.risk[1].when.type: This service has no type of release 'majr'. There is: minor.",
            "14: services[0].policy.soft[0]: 'people' isn't for information only. The rules that are: same_change, same_person.",
        ],
    ),
    "a task owned by nobody": (
        with_line(16, "        - {phase: training, title: Train, due: T-5d, owner: trainer}"),
        ["16: services[0].policy.plan[0].owner: Nobody holds the role 'trainer' in this service. There is: release_manager, test_manager, owner."],
    ),
    "a misspelt phase": (
        with_line(16, "        - {phase: trainning, title: Train, due: T-5d, owner: test_manager}"),
        ["16: services[0].policy.plan[0].phase: 'trainning' is not among planning, communication, preparation, training, implementation, verification, back-out, early_life_support. Did you mean 'training'?"],
    ),
    "a due date without its T": (
        with_line(16, "        - {phase: training, title: Train, due: 5d, owner: test_manager}"),
        ["16: services[0].policy.plan[0].due: '5d' is not a due date; write for example T-7d, T+4h or T."],
    ),
    "two tasks of one title": (
        SMALL + "        - {phase: training, title: Train, due: T-1d, owner: owner}\n",
        ["17: services[0].policy.plan[1].title: This plan has a task 'Train' already. Give each task a title of its own."],
    ),
    "a role called owner": (
        with_line(9, "      test_manager: [U0TOM]\n      owner: [U0ANN]"),
        ["10: services[0].roles.owner: The owner is named by the field owner of the service. Remove this role."],
    ),
    "a role called requester": (
        with_line(9, "      test_manager: [U0TOM]\n      requester: [U0ANN]"),
        ["10: services[0].roles.requester: Whoever requests a release is its requester; no role can have this name."],
    ),
    "escalation to a role that nobody holds": (
        with_policy("approval: {escalate_after: 1d, escalate_to: boss}"),
        ["13: services[0].policy.approval.escalate_to: Nobody holds the role 'boss' in this service. There is: release_manager, test_manager, owner."],
    ),
    "escalation to no role": (
        with_policy("approval: {escalate_after: 1d}"),
        ["13: services[0].policy.approval.escalate_after: Say to which role with escalate_to."],
    ),
    "expiry before the reminder": (
        with_policy("approval: {remind_after: 2d, expire_after: 1d}"),
        ["13: services[0].policy.approval.expire_after: A request would expire before remind_after is over. Make expire_after longer."],
    ),
    "a length that is none": (
        with_policy("approval: {remind_after: 4 hours}"),
        ["13: services[0].policy.approval.remind_after: '4 hours' is not a length of time; write for example 30m, 4h, 2d or 1w."],
    ),
    "a reminder after no time": (
        with_policy("approval: {remind_after: 0h}"),
        ["13: services[0].policy.approval.remind_after: This has to be longer than nothing, for example 4h."],
    ),
    "rules on trial that don't exist": (
        with_policy("observe: [freezes, colisions, type, moonphase]"),
        [
            "13: services[0].policy.observe[1]: No rule is called 'colisions'. Did you mean collisions or collision?",
            "13: services[0].policy.observe[2]: The rule type can't be tried out: a release of no type has no approvals.",
            "13: services[0].policy.observe[3]: No rule is called 'moonphase'. Release policy has method, notice, windows, freezes, collisions, dependencies, frequency, compatibility, people, same_change, same_person, documents; at a deployment there are window_not_begun, window_over, closed, freeze, other_deployment, collision, approvals, approver_left, gate, version, risk.",
        ],
    ),
    "a source without a path": (
        with_policy("sources: [github.com]"),
        ["13: services[0].policy.sources[0]: 'github.com' is not a source; write a host and a path, such as github.com/harbour/* or git.harbour.example/payments/pay-api."],
    ),
    "a window that ends before it starts": (
        with_policy('windows: [{days: [mon], from: "22:00", to: "02:00"}]'),
        ['13: services[0].policy.windows[0].to: A window ends later on the day it starts. One across midnight is written as two: one to "24:00" and one from "00:00" on the next day.'],
    ),
    "a time without quotes": (
        with_policy('windows: [{days: [mon], from: "09:00", to: 16:00}]'),
        ['13: services[0].policy.windows[0].to: A time of day stands in quotes, for example "09:00".'],
    ),
    "a day that is none": (
        with_policy('windows: [{days: [monday], from: "09:00", to: "16:00"}]'),
        ["13: services[0].policy.windows[0].days[0]: 'monday' is not among mon, tue, wed, thu, fri, sat, sun. Did you mean 'mon'?"],
    ),
    "a day twice": (
        with_policy('windows: [{days: [mon, tue, mon], from: "09:00", to: "16:00"}]'),
        ["13: services[0].policy.windows[0].days[2]: mon stands in this list twice. Remove one."],
    ),
    "a freeze that ends before it begins": (
        with_policy("freezes: [{name: Year end, kind: hard, from: 2026-12-18, to: 2026-12-04}]"),
        ["13: services[0].policy.freezes[0].to: This freeze ends before it begins."],
    ),
    "a freeze without an end": (
        with_policy("freezes: [{name: Year end, kind: hard, from: 2026-12-18}]"),
        ["13: services[0].policy.freezes[0]: A freeze has a first and a last day; to is missing."],
    ),
    "a freeze without days": (
        with_policy("freezes: [{name: Year end, kind: hard}]"),
        ["13: services[0].policy.freezes[0]: A freeze has either from and to, or every and days."],
    ),
    "a freeze of both kinds": (
        with_policy("freezes: [{name: End, kind: hard, from: 2026-12-18, to: 2026-12-19, every: week, days: [mon]}]"),
        ["13: services[0].policy.freezes[0]: A freeze has either from and to, or every and days."],
    ),
    "a freeze every so often without days": (
        with_policy("freezes: [{name: Month close, kind: soft, every: month}]"),
        ["13: services[0].policy.freezes[0]: A freeze that comes again has every and days; days is missing."],
    ),
    "a freeze on the 32nd": (
        with_policy("freezes: [{name: Month close, kind: soft, every: month, days: [32]}]"),
        ["13: services[0].policy.freezes[0].days[0]: 32 is no day here: the days of a month are 1 to 31."],
    ),
    "a freeze on a day of no year": (
        with_policy("freezes: [{name: Christmas, kind: soft, every: year, days: [12-24, 24-12]}]"),
        ['13: services[0].policy.freezes[0].days[1]: 24-12 is no day here: a day of the year is written like "12-24".'],
    ),
    "a date that is none": (
        with_policy("freezes: [{name: Year end, kind: hard, from: 2026-12-42, to: 2026-12-18}]"),
        ["13: services[0].policy.freezes[0].from: '2026-12-42' looks like a date or a number and is none. Put it in quotes."],
    ),
    "a moment where a day belongs": (
        with_policy("freezes: [{name: Year end, kind: hard, from: 2026-12-01 10:00:00, to: 2026-12-18}]"),
        ["13: services[0].policy.freezes[0].from: This is not a day; write for example 2026-12-18."],
    ),
    "no time zone": (
        with_line(1, "timezone: Mars/Olympus"),
        ["1: timezone: 'Mars/Olympus' is not a time zone; write for example Europe/Amsterdam."],
    ),
    "compatibility with nothing": (
        with_line(11, '      - {key: api, kind: software, name: API, version: "9", compatible_with: {db: ">=14"}}'),
        ["11: services[0].configuration_items[0].compatible_with.db: No configuration item has the key 'db'. There is: api."],
    ),
    "compatibility with no version": (
        with_line(11, '      - {key: api, kind: software, name: API, version: "9", compatible_with: {api: about 14}}'),
        ["11: services[0].configuration_items[0].compatible_with.api: 'about 14' is not a range of versions; write for example \">=14,<16\"."],
    ),
    "a digest about an unknown service": (
        SMALL + 'digests: [{channel: C0MGMT, at: "09:00", services: [PAYY]}]\n',
        ["17: digests[0].services[0]: No service has the key 'PAYY'. Did you mean 'PAY'?"],
    ),
    "a digest at no time": (
        SMALL + "digests: [{channel: C0MGMT, at: noon}]\n",
        ["17: digests[0].at: 'noon' is not a time of day; write it in quotes, for example \"09:00\"."],
    ),
    "a digest twice": (
        SMALL + 'digests:\n  - {channel: C0MGMT, at: "09:00"}\n  - {channel: C0MGMT, at: "09:00", services: [PAY]}\n',
        ["19: digests[1]: digests[0] is posted in this channel at this time already."],
    ),
    "a digest on no day": (
        SMALL + 'digests: [{channel: C0MGMT, at: "09:00", days: []}]\n',
        ["17: digests[0].days: At least one is needed here."],
    ),
    "a dependency on an unknown service": (
        with_line(6, "    owner: U0OLGA\n    depends_on: [WEB]"),
        ["7: services[0].depends_on[0]: No service has the key 'WEB'. There is: PAY."],
    ),
    "a dependency on itself": (
        with_line(6, "    owner: U0OLGA\n    depends_on: [PAY]"),
        ["7: services[0].depends_on: Services depend on each other in a circle: PAY -> PAY. Remove one."],
    ),
    "a key twice": (
        with_line(9, "      test_manager: [U0TOM]\n    name: Again"),
        ["10: services[0].name: This key stands in line 4 already. Remove one of the two."],
    ),
    "a key that is no word": (
        with_line(9, "      test_manager: [U0TOM]\n      on: [U0ANN]"),
        ["10: services[0].roles: The key 'on' is not read as a word. Put it in quotes."],
    ),
    "a tag": (
        with_line(4, "    name: !!python/name:os.system"),
        ["4: services[0].name: A catalog knows no YAML tag such as 'python/name:os.system'. Remove it."],
    ),
    "a character that nothing can keep": (
        with_line(4, '    name: "Pay\\0ments"'),
        ["4: services[0].name: There is a character in this text that cannot be kept. Remove it."],
    ),
    "half a character": (
        with_line(4, '    name: "\\ud83d"'),
        ["4: There is a character in this text that cannot be kept. Remove it."],
    ),
    "a name of spaces": (
        with_line(4, '    name: "  "'),
        ["4: services[0].name: This is empty; write a text."],
    ),
    "more types than a menu takes": (
        with_line(14, "\n".join(f"        t{count}: {{approvals: {{owner: 1}}}}" for count in range(101))),
        ["2: services: The services have 101 different types; a menu in Slack takes 100."],
    ),
    "more methods than a menu takes": (
        with_policy(f"deployment_methods: [{', '.join(f'm{count}' for count in range(96))}]"),
        ["2: services: The services have 101 different deployment methods; a menu in Slack takes 100."],
    ),
    "a digest that looks back too far": (
        SMALL + 'digests: [{channel: C0MGMT, at: "09:00", period: 999w}]\n',
        ["17: digests[0].period: Figures look back ten years at most; write for example 30d."],
    ),
    "a digest that looks back over nothing": (
        SMALL + 'digests: [{channel: C0MGMT, at: "09:00", period: 0d}]\n',
        ["17: digests[0].period: This has to be longer than nothing, for example 4h."],
    ),
    "a repository without its owner": (
        SMALL + "    deployments: {repositories: [payments]}\n",
        ["17: services[0].deployments.repositories[0]: 'payments' is not a repository with its owner, such as acme/payments."],
    ),
    "no name for production": (
        SMALL + "    deployments: {repositories: [acme/pay], production: []}\n",
        ["17: services[0].deployments.production: At least one is needed here."],
    ),
    "a repository that deploys two services to the same environment": (
        SMALL + "    deployments: {repositories: [acme/pay]}\n" + OTHER + "    deployments: {repositories: [Acme/Pay], production: [live, PROD]}\n",
        ["25: services[1].deployments.repositories[0]: Acme/Pay deploys services[0] to the same environment. Give one of the two another list under production."],
    ),
    "an application of two services": (
        SMALL + "    deployments: {applications: [pay]}\n" + OTHER + "    deployments: {applications: [pay], production: [live]}\n",
        ["25: services[1].deployments.applications[0]: pay is an application of services[0] already."],
    ),
    "a repository twice": (
        SMALL + "    deployments: {repositories: [acme/pay, acme/pay]}\n",
        ["17: services[0].deployments.repositories[1]: acme/pay stands in this list twice. Remove one."],
    ),
    "a name too long for Slack": (
        with_line(4, f"    name: {'x' * 76}"),
        ["4: services[0].name: This is 76 characters long; 75 is the most."],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SINGLE)
def test_a_mistake_is_named_by_line_and_field_in_a_sentence(name):
    content, said = SINGLE[name]
    assert mistakes(content) == said


UNREADABLE = {
    "nothing": (b"", "1: There is nothing in it. A catalog begins with: version: 1"),
    "only a comment": (b"# later\n", "1: There is nothing in it. A catalog begins with: version: 1"),
    "another encoding": ("version: 1\nname: Zahlungsverkehr für alle".encode("latin-1"), "2: This line is not UTF-8 text. Save the file as UTF-8."),
    "a tab": (b"version: 1\nservices:\n\t- key: PAY\n", "3: This line is indented with a tab. YAML wants spaces."),
    "a colon in a value": (b"version: 1\ntimezone: Europe: Amsterdam\n", "2: There is a colon inside a value. Put the value in quotes."),
    "an open quotation mark": (b'version: 1\ntimezone: "UTC\n', "2: The quotation mark that opens here is never closed."),
    "open brackets": (b"version: 1\nservices: [PAY, WEB\ntimezone: UTC\n", "2: The bracket that opens here is not closed, or a comma behind it is missing."),
    "ragged indentation": (b"services:\n    - key: PAY\n      name: Pay\n     owner: U0\n", "4: This line is indented differently from the list it belongs to."),
    "two documents": (b"version: 1\n---\nversion: 1\n", "2: A second document begins here (---). One file holds one catalog."),
    "an unknown anchor": (b"version: 1\ntimezone: *zone\n", "2: This refers to an anchor that nothing above defines."),
    "a value that begins with @": (b"version: 1\nprocess_owner: @petra\n", "2: No value begins with this character. Put the value in quotes."),
    "a control character": (b"version: 1\ntimezone: U\x07TC\n", "2: There is a control character in this line. Remove it."),
    "a flood of brackets": (b"[" * 100_000, "1: Lists and mappings stand too deep inside each other here."),
    "too much": (b"#" * (LARGEST_FILE + 1), "1: This is larger than 1024 KiB, which no catalog needs."),
}  # fmt: skip


@pytest.mark.parametrize("name", UNREADABLE)
def test_a_text_that_is_no_catalog_is_refused_with_its_line(name):
    content, said = UNREADABLE[name]
    last = mistakes(content)[-1]
    assert last == said
