"""The OpenAPI document of customer-link's JSON API."""

from chassis.api_document import document_router

DOCUMENT_PATH = "/api/v1/customers/openapi.json"

router = document_router(
    DOCUMENT_PATH,
    title="Customers",
    description="Customer numbers, the data behind them and contact persons, for other systems (client credentials), "
    "and the signed-in person's own numbers.",
)
