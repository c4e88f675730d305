"""What staff search accounts by, and the indexes of their list.

The functions fold text as `identity.domain.account_search` does; a test holds the two together. No extension: groups of
three letters are made here, and a GIN index over them serves any part of a word.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_FORM = r"""
CREATE FUNCTION search_form(value text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
RETURN translate(replace(regexp_replace(
  normalize(lower(normalize(value, NFKC)), NFD), '[\u0300-\u036f]', '', 'g'), 'ß', 'ss'), 'øłđ', 'old')
"""
_WITHOUT_DIGRAPHS = """
CREATE FUNCTION search_without_digraphs(form text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
RETURN replace(replace(replace(form, 'ae', 'a'), 'oe', 'o'), 'ue', 'u')
"""
_GRAMS = """
CREATE FUNCTION search_grams(searched text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
RETURN ARRAY(
  SELECT DISTINCT CASE WHEN start < 1 THEN '^' || left(word, start + 2) ELSE substr(word, start, 3) END
  FROM regexp_split_to_table(searched, '\\s+') AS word, generate_series(-1, length(word) - 2) AS start
  WHERE length(word) >= start + 2)
"""
_NAMES = ("username", "email", "display_name", "company", "street", "postal_code", "city")
_WORDS = " || ' ' || ".join(_NAMES)
_COLUMN = f"""
ALTER TABLE account ADD COLUMN search_text text NOT NULL GENERATED ALWAYS AS (
  search_form({_WORDS}) || ' ' || search_without_digraphs(search_form({_WORDS}))
  || ' ' || regexp_replace(phone, '\\D', '', 'g')) STORED
"""


def upgrade() -> None:
    for statement in (_FORM, _WITHOUT_DIGRAPHS, _GRAMS, _COLUMN):
        op.execute(sa.text(statement.replace(":", "\\:")))
    op.execute("CREATE INDEX account_search ON account USING gin (search_grams(search_text))")
    newest = [sa.text("created_at DESC"), sa.text("id DESC")]
    op.create_index("account_newest", "account", newest)
    op.create_index("account_in_state", "account", ["state", *newest])
    op.create_index("account_staff", "account", newest, postgresql_where=sa.text("cardinality(roles) > 0"))


def downgrade() -> None:
    for index in ("account_staff", "account_in_state", "account_newest", "account_search"):
        op.drop_index(index, "account")
    op.drop_column("account", "search_text")
    for function in ("search_grams", "search_without_digraphs", "search_form"):
        op.execute(f"DROP FUNCTION {function}(text)")
