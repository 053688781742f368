-- An event table as one makes it with PostgreSQL: a stream's version is checked,
-- and its events are inserted, by one function.
CREATE TABLE events (
  position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  id uuid NOT NULL UNIQUE,
  stream text NOT NULL,
  revision bigint NOT NULL,
  type text NOT NULL,
  tags text[] NOT NULL,
  recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  payload bytea NOT NULL,
  UNIQUE (stream, revision)
);

-- Appends payloads to a stream, and returns its new revision. expected is the
-- revision that it must have; NULL: whatever it has.
CREATE FUNCTION append(to_stream text, expected bigint, event_type text,
                       event_tags text[], payloads text[]) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
  current bigint;
BEGIN
  SELECT coalesce(max(revision), 0) INTO current
    FROM events WHERE stream = to_stream;
  IF expected IS NOT NULL AND current <> expected THEN
    RAISE EXCEPTION 'stream % is at revision %, not %',
      to_stream, current, expected;
  END IF;
  INSERT INTO events (id, stream, revision, type, tags, payload)
    SELECT gen_random_uuid(), to_stream, current + n, event_type, event_tags,
           convert_to(p, 'UTF8')
      FROM unnest(payloads) WITH ORDINALITY AS t (p, n);
  RETURN current + cardinality(payloads);
END
$$;
