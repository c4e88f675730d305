"""What other systems send over JSON, and how a test reads what they are told."""

from typing import Any

import httpx

DATA: dict[str, Any] = {
    "as_of_time": "2026-11-01T08:00:00+01:00",
    "name": " Gasthaus ",
    "address_lines": ["Hauptplatz 1", "1030 Wien"],
    "contracts": [{"reference": "L-1", "title": "Musik", "start_date": "2024-01-01"}],
    "invoices": [
        {"number": "R-1", "date": "2026-10-01", "due_date": "2026-10-31", "amount_cents": 12840, "state": "overdue"}
    ],
}
NEW = {"type": "gastronomie", "organisation": {"reference": "CRM-9", "name": "Kino am Eck"}, "data": DATA}


def code(answer: httpx.Response) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/problem+json"
    return answer.status_code, answer.json()["code"]


def pointers(answer: httpx.Response) -> list[str]:
    assert code(answer)[0] in {409, 422}
    return [error["pointer"] for error in answer.json()["errors"]]
