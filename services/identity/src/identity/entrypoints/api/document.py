"""The OpenAPI document of identity's JSON API."""

from chassis.api_document import document_router

DOCUMENT_PATH = "/api/v1/accounts/openapi.json"

router = document_router(
    DOCUMENT_PATH,
    title="Accounts",
    description="Accounts of people, for other systems (client credentials), and the signed-in person's own.",
)
