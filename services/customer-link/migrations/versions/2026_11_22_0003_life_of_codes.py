"""The life of codes: by whom issued, printed, handed over, withdrawn; one open code for each number."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_TIME = sa.DateTime(timezone=True)
# The code before this migration withdraws superseded codes without a time: no rule may ask for one yet.
_RULES = {
    "activation_code_superseded": "state <> 'superseded' OR superseded_at IS NOT NULL",
    "activation_code_sealed_open": "sealed IS NULL OR state IN ('issued', 'printed')",
    "activation_code_printed": "state <> 'printed' OR printed_at IS NOT NULL",
    "activation_code_handed_over": "(handed_over_at IS NULL) = (handover IS NULL) AND"
    " (handed_over_at IS NULL OR (sealed IS NULL AND handed_over_by IS NOT NULL))"
    " AND handover IN ('in_person', 'by_phone', 'by_letter', 'data_file')",
    "activation_code_withdrawn": "(withdrawn_at IS NULL) = (withdrawal IS NULL) AND"
    " (withdrawn_at IS NULL OR state = 'withdrawn') AND (withdrawn_by IS NOT NULL OR withdrawal = 'replaced')"
    " AND withdrawal IN ('lost', 'wrong_recipient', 'misuse', 'customer_left', 'other', 'replaced')",
}


def upgrade() -> None:
    for name, kind in _COLUMNS.items():
        op.add_column("activation_code", sa.Column(name, kind))
    _close_doubles()
    for name, rule in _RULES.items():
        op.create_check_constraint(name, "activation_code", rule)
    is_open = sa.text("state IN ('issued', 'printed')")
    op.create_index("activation_code_open", "activation_code", ["customer_id"], unique=True, postgresql_where=is_open)
    op.create_index("activation_code_newest", "activation_code", [sa.text("issued_at DESC"), sa.text("id DESC")])
    newest = [sa.text("state"), sa.text("issued_at DESC"), sa.text("id DESC")]
    op.create_index("activation_code_standing", "activation_code", newest)
    op.create_index("activation_code_due", "activation_code", ["valid_until"], postgresql_where=is_open)
    used = sa.text("used_at IS NOT NULL")
    op.create_index("activation_code_used_at", "activation_code", ["used_at"], postgresql_where=used)
    op.create_index("code_failure_failed_at", "code_failure", ["failed_at"])
    prefix = {"number_key": "text_pattern_ops"}
    op.create_index("customer_number_prefix", "customer", ["number_key"], postgresql_ops=prefix)


_COLUMNS = {
    "issued_by": sa.Uuid,
    "printed_at": _TIME,
    "handed_over_at": _TIME,
    "handed_over_by": sa.Uuid,
    "handover": sa.Text,
    "withdrawn_at": _TIME,
    "withdrawn_by": sa.Uuid,
    "withdrawal": sa.Text,
}


def _close_doubles() -> None:
    op.execute("UPDATE activation_code SET sealed = NULL WHERE state NOT IN ('issued', 'printed')")
    op.execute("UPDATE activation_code SET printed_at = issued_at WHERE state = 'printed'")
    op.execute(
        """
        UPDATE activation_code SET state = 'superseded', superseded_at = now(), sealed = NULL
        WHERE state IN ('issued', 'printed') AND EXISTS (
            SELECT FROM activation_code newer
            WHERE newer.customer_id = activation_code.customer_id AND newer.state IN ('issued', 'printed')
              AND (newer.issued_at, newer.id) > (activation_code.issued_at, activation_code.id)
        )
        """
    )
