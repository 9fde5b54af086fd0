"""Where builds may come from: a source as people write it, and whether the patterns of a service allow it."""

import pytest

from models.sources import check_pattern, foreign_sources

PATTERNS = ("github.com/harbour/*", "git.harbour.example:8443/payments/pay-*", "github.com/other/repo.git")


@pytest.mark.parametrize(
    "source",
    [
        "github.com/harbour/pay",
        "https://github.com/harbour/pay.git",
        "https://github.com:443/harbour/pay/",
        "git@github.com:harbour/pay.git",
        "ssh://git@github.com:22/harbour/pay",
        "GitHub.com/Harbour/pay/tree/v9.2.0",
        "github.com./harbour/pay",
        "github.com/other/repo",
        "https://git.harbour.example:8443/payments/pay-api",
        "github.com/harbour/pay, github.com/harbour/web",
    ],
)
def test_a_controlled_source_is_allowed_however_it_is_written(source):
    assert foreign_sources(source, PATTERNS) == []


@pytest.mark.parametrize(
    "source",
    [
        "github.com/evil/pay",
        "github.com/harbour",
        "github.com/harbour-evil/pay",
        "github.com.evil.example/harbour/pay",
        "evil.example/github.com/harbour/pay",
        "https://github.com@evil.example/harbour/pay",
        "https://someone@github.com/harbour/pay",
        "git@evil.example:github.com/harbour/pay",
        "https://github.com\\@evil.example/harbour/pay",
        "github.com/harbour/../evil/pay",
        "github.com/harbour/..",
        "github.com/harbour/%2e%2e/evil",
        "github.com/harbour//pay",
        "https:///github.com/harbour/pay",
        "//github.com/harbour/pay",
        "file://github.com/harbour/pay",
        "http://github.com/harbour/pay",
        "javascript:github.com/harbour/pay",
        "github.com:8443/harbour/pay",
        "github.com/harbour/pay?from=evil",
        "github.com/harbour/pay#evil",
        "github.com/harbour/p\u0430y",
        "github\u3002com/harbour/pay",
        "github.com/other/repo/tree/fork",
        "git.harbour.example/payments/pay-api",
        "git.harbour.example:8443/payments/pay-api/deeper",
        "our-repository",
    ],
)
def test_what_only_looks_like_a_controlled_source_is_not_allowed(source):
    assert foreign_sources(source, PATTERNS) == [source]


def test_of_several_sources_the_foreign_ones_are_named():
    assert foreign_sources("github.com/harbour/a; evil.example/b\nc", PATTERNS) == ["evil.example/b", "c"]


def test_without_patterns_builds_come_from_anywhere():
    assert foreign_sources("our repository", ()) == []


@pytest.mark.parametrize(
    "pattern",
    [
        "github.com",
        "harbour/*",
        "https://github.com/harbour/*",
        "*.com/harbour",
        "github.com/../x",
        "a b.example/c",
    ],
)
def test_what_is_no_pattern_is_a_mistake(pattern):
    with pytest.raises(ValueError, match="is not a source"):
        check_pattern(pattern)
