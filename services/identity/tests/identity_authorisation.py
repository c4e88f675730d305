"""Who may call what: every route × every kind of caller, with the status that it gets (DESIGN 4.17, Z01).

A route that is missing here, or here and not in the service, fails test_authorisation.py. Kinds: `anonymous`, `pending`
(staff, code not given), `customer`, `staff`. Posts are made without a body: what matters is how far they get.
"""

from typing import TypeAlias

Row: TypeAlias = tuple[int, int, int, int]
KINDS = ("anonymous", "pending", "customer", "staff")

MATRIX: dict[tuple[str, str], Row] = {
    ("GET", "/"): (200, 200, 200, 200),
    ("GET", "/assets"): (404, 404, 404, 404),
    ("GET", "/register"): (200, 200, 303, 303),
    ("POST", "/register"): (422, 422, 422, 422),
    ("GET", "/register/sent"): (200, 200, 200, 200),
    ("GET", "/login"): (200, 200, 303, 303),
    ("POST", "/login"): (422, 422, 422, 422),
    ("POST", "/login/again"): (303, 303, 303, 303),
    ("GET", "/login/code"): (303, 200, 303, 303),
    ("POST", "/login/code"): (303, 422, 303, 303),
    ("GET", "/login/enrol"): (303, 303, 303, 303),
    ("POST", "/login/enrol/app/start"): (303, 303, 303, 303),
    ("GET", "/login/enrol/app"): (303, 303, 303, 303),
    ("POST", "/login/enrol/app"): (303, 303, 303, 303),
    ("GET", "/login/enrol/app/qr.svg"): (303, 303, 303, 303),
    ("GET", "/login/confirm"): (303, 303, 303, 303),
    ("POST", "/login/confirm"): (401, 401, 422, 422),
    ("POST", "/logout"): (303, 303, 303, 303),
    ("GET", "/password/forgot"): (200, 200, 200, 200),
    ("POST", "/password/forgot"): (422, 422, 422, 422),
    ("GET", "/password/new"): (303, 303, 303, 303),
    ("POST", "/password/new"): (303, 303, 303, 303),
    ("GET", "/password/mailed"): (200, 200, 200, 200),
    ("GET", "/password/sent"): (200, 200, 200, 200),
    ("GET", "/c/{token}"): (410, 410, 410, 410),
    ("POST", "/c/{token}"): (410, 410, 410, 410),
    ("GET", "/c/{token}/disown"): (410, 410, 410, 410),
    ("POST", "/c/{token}/disown"): (410, 410, 410, 410),
    ("POST", "/c/{token}/again"): (410, 410, 410, 410),
    ("POST", "/api/v1/accounts:import"): (401, 401, 401, 401),
    ("POST", "/oauth/token"): (400, 400, 400, 400),
    ("GET", "/settings"): (303, 303, 200, 200),
    ("GET", "/settings/password"): (303, 303, 200, 200),
    ("POST", "/settings/password"): (401, 401, 422, 422),
    ("GET", "/settings/sessions"): (303, 303, 200, 200),
    ("POST", "/settings/sessions/end-others"): (401, 401, 303, 303),
    ("POST", "/settings/sessions/{session_id}/end"): (401, 401, 303, 303),
    ("GET", "/settings/security"): (303, 303, 200, 200),
    ("POST", "/settings/security/app/start"): (401, 401, 303, 303),
    ("GET", "/settings/security/app"): (303, 303, 303, 303),
    ("POST", "/settings/security/app"): (401, 401, 303, 303),
    ("GET", "/settings/security/app/qr.svg"): (303, 303, 404, 404),
    ("GET", "/settings/security/app/remove"): (303, 303, 303, 200),
    ("POST", "/settings/security/app/remove"): (401, 401, 303, 409),
    ("POST", "/settings/security/recovery-codes"): (401, 401, 303, 200),
    ("GET", "/settings/data"): (303, 303, 200, 200),
    ("GET", "/settings/data/export"): (303, 303, 200, 200),
    ("POST", "/settings/data/export"): (401, 401, 303, 303),
    ("GET", "/settings/data/download"): (303, 303, 303, 303),
    ("GET", "/.well-known/change-password"): (303, 303, 303, 303),
    ("GET", "/staff"): (303, 303, 403, 200),
    ("GET", "/staff/accounts"): (303, 303, 403, 200),
    ("GET", "/staff/accounts/{account_id}"): (303, 303, 403, 404),
    ("POST", "/staff/accounts/{account_id}/open"): (401, 401, 403, 404),
    ("POST", "/language"): (303, 303, 303, 303),
    ("GET", "/imprint"): (200, 200, 200, 200),
    ("GET", "/privacy"): (200, 200, 200, 200),
    ("GET", "/terms"): (200, 200, 200, 200),
    ("GET", "/accessibility"): (200, 200, 200, 200),
    ("GET", "/help"): (200, 200, 200, 200),
    ("GET", "/api/v1/me"): (401, 401, 200, 200),
}

BY_SCOPE: dict[tuple[str, str], tuple[str, ...]] = {
    ("POST", "/api/v1/accounts:import"): ("accounts:write",),
}
"""Routes of API clients, which no cookie opens: the scopes of which one is enough."""
