"""What staff search customers by, and who of them looked at one.

No extension: groups of three letters are made here, and a GIN index over them serves any part of a word. The functions
fold text as `customer_link.domain.customer_search` does; a test holds the two together. Number, organisation and data
stand in three tables, so triggers keep the text of a number current, whoever writes.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
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
_TEXT = """
CREATE FUNCTION customer_search_text(wanted uuid, written text, key text, owner uuid) RETURNS text LANGUAGE sql STABLE
RETURN (
  SELECT form || ' ' || search_without_digraphs(form) FROM (
    SELECT search_form(concat_ws(' ', written, key,
      (SELECT name FROM organisation WHERE id = owner),
      (SELECT concat_ws(' ', document ->> 'name',
         (SELECT string_agg(line, ' ') FROM jsonb_array_elements_text(document -> 'address') AS line))
       FROM customer_data WHERE customer_id = wanted))) AS form) AS folded)
"""
_CURRENT = "customer_search_text(id, number, number_key, organisation_id)"
_OF_CUSTOMER = """
CREATE FUNCTION customer_search_of_customer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.search_text = customer_search_text(NEW.id, NEW.number, NEW.number_key, NEW.organisation_id);
  RETURN NEW;
END $$
"""
_OF_DATA = f"""
CREATE FUNCTION customer_search_of_data() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE customer SET search_text = {_CURRENT} WHERE id = NEW.customer_id AND search_text <> {_CURRENT};
  RETURN NULL;
END $$
"""
_OF_ORGANISATION = f"""
CREATE FUNCTION customer_search_of_organisation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE customer SET search_text = {_CURRENT} WHERE organisation_id = NEW.id;
  RETURN NULL;
END $$
"""
_TRIGGERS = (
    (
        "CREATE TRIGGER customer_search BEFORE INSERT OR UPDATE OF number, number_key, organisation_id ON customer "
        "FOR EACH ROW EXECUTE FUNCTION customer_search_of_customer()"
    ),
    (
        "CREATE TRIGGER customer_search AFTER INSERT OR UPDATE OF document ON customer_data "
        "FOR EACH ROW EXECUTE FUNCTION customer_search_of_data()"
    ),
    (
        "CREATE TRIGGER customer_search AFTER UPDATE OF name ON organisation "
        "FOR EACH ROW EXECUTE FUNCTION customer_search_of_organisation()"
    ),
)


def upgrade() -> None:
    for statement in (_FORM, _WITHOUT_DIGRAPHS, _GRAMS, _TEXT):
        op.execute(sa.text(statement.replace(":", "\\:")))
    op.add_column("customer", sa.Column("search_text", sa.Text, nullable=False, server_default=""))
    for statement in (_OF_CUSTOMER, _OF_DATA, _OF_ORGANISATION, *_TRIGGERS):
        op.execute(statement)
    op.execute(f"UPDATE customer SET search_text = {_CURRENT}")
    op.execute("CREATE INDEX customer_search ON customer USING gin (search_grams(search_text))")
    op.create_index("customer_of_type", "customer", ["type", "number_key"])
    op.create_index("link_customer", "link", ["customer_id", "created_at"])
    _looks()


def _looks() -> None:
    op.create_table(
        "customer_look",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("customer_id", sa.Uuid, sa.ForeignKey("customer.id"), nullable=False),
        sa.Column("staff_id", sa.Uuid, nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("customer_look_newest", "customer_look", ["customer_id", sa.text("looked_at DESC")])
    op.create_index("customer_look_age", "customer_look", ["looked_at"])
