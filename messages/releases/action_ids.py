"""Action ids of the buttons that move a release on. Slack sends them back for as long as a message exists."""

APPROVE = "release:approve"

APPROVE_AFTERWARDS = "release:approve_afterwards"

REJECT = "release:reject"

REQUEST_CHANGES = "release:request_changes"

WAIVE = "release:waive"

EDIT = "release:edit"

CANCEL = "release:cancel"

SUPERSEDE = "release:supersede"

DETAILS = "release:details"

CRITERIA = "release:criteria"

TESTS = "release:tests"

MORE = "release:more"
"""The menu of rare verbs."""

START_BUILD = "release:start_build"

RECORD_BUILD = "release:record_build"

START_TEST = "release:start_test"

RECORD_TEST_RESULT = "release:record_test_result"

ACCEPT_TESTS = "release:accept_tests"

GO = "release:go"

NO_GO = "release:no_go"

START_DEPLOYMENT = "release:start_deployment"

RENEW_APPROVAL = "release:renew_approval"

OVERRIDE = "release:override"

RESCHEDULE = "release:reschedule"

EXTEND = "release:extend"

MARK_DEPLOYED = "release:mark_deployed"

VERIFY = "release:verify"

BACK_OUT = "release:back_out"

START_SUPPORT = "release:start_early_life_support"

HAND_OVER = "release:hand_over"

ACCEPT_HANDOVER = "release:accept_handover"

SEND_BACK = "release:send_back"

REVIEW = "release:review"

RETIRE = "release:retire"
