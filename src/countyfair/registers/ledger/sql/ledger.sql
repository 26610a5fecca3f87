-- The one way into the books.

-- Book an entry and answer its id; accounts open on demand. The same source with the same content
-- answers the first entry and books nothing (the moment is no part of the content: a repeat comes
-- later); the same source with other content is refused with SQLSTATE LG409. Two lines are needed,
-- and debits must equal credits: ledger_prove_entry says so at commit.
CREATE OR REPLACE FUNCTION ledger_post(
    entry_county text, entry_source text, entry_what text, entry_at timestamptz,
    codes text[], kinds text[], owners text[], currencies text[], amounts bigint[], refs text[]
) RETURNS uuid LANGUAGE plpgsql AS $$
DECLARE
    fingerprint text;
    entry uuid := kernel_uuid7();
    known record;
BEGIN
    SELECT encode(sha256(convert_to(jsonb_build_array(entry_county, entry_what,
               jsonb_agg(jsonb_build_array(l.code, l.kind, l.owner, l.currency, l.amount, l.ref)
                         ORDER BY l.code, l.owner, l.currency, l.ref, l.amount))::text, 'UTF8')), 'hex')
      INTO fingerprint
      FROM unnest(codes, kinds, owners, currencies, amounts, refs) AS l (code, kind, owner, currency, amount, ref);

    INSERT INTO ledger_entry (id, county, source, what, content, booked_at)
    VALUES (entry, entry_county, entry_source, entry_what, fingerprint, entry_at)
    ON CONFLICT (source) DO NOTHING;
    IF NOT FOUND THEN
        SELECT e.id, e.content INTO known FROM ledger_entry e WHERE e.source = entry_source;
        IF known.content <> fingerprint THEN
            RAISE EXCEPTION 'the ledger holds % with other content', entry_source USING ERRCODE = 'LG409';
        END IF;
        RETURN known.id;
    END IF;

    INSERT INTO ledger_account (id, county, code, kind, currency, owner)
    SELECT kernel_uuid7(), entry_county, l.code, l.kind, l.currency, l.owner
      FROM (SELECT DISTINCT u.code, u.kind, u.currency, u.owner
              FROM unnest(codes, kinds, owners, currencies) AS u (code, kind, owner, currency)) l
     WHERE NOT EXISTS (SELECT FROM ledger_account a
                        WHERE (a.county, a.code, a.owner, a.currency) = (entry_county, l.code, l.owner, l.currency))
     ORDER BY l.code, l.owner, l.currency
    ON CONFLICT (county, code, owner, currency) DO NOTHING;

    INSERT INTO ledger_posting (id, entry_id, account_id, county, amount_fen, reference)
    SELECT kernel_uuid7(), entry, a.id, entry_county, l.amount, l.ref
      FROM unnest(codes, owners, currencies, amounts, refs) WITH ORDINALITY
           AS l (code, owner, currency, amount, ref, place)
      JOIN ledger_account a
        ON (a.county, a.code, a.owner, a.currency) = (entry_county, l.code, l.owner, l.currency)
     ORDER BY l.place;
    RETURN entry;
END
$$;

-- Book many entries of one kind at once: each a sum from its debit account to its credit account, under a
-- source that was never booked before (a source that was is refused by its unique key). For batches: what
-- ledger_post does for one entry, in three statements for all of them.
CREATE OR REPLACE FUNCTION ledger_post_sums(
    entry_county text, entry_what text, entry_at timestamptz, in_currency text,
    debit_code text, debit_kind text, debit_owner text, credit_code text, credit_kind text, credit_owner text,
    sources text[], amounts bigint[], refs text[]
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    debit uuid;
    credit uuid;
    entries uuid[];
BEGIN
    INSERT INTO ledger_account (id, county, code, kind, currency, owner)
    SELECT kernel_uuid7(), entry_county, a.code, a.kind, in_currency, a.owner
      FROM (VALUES (debit_code, debit_kind, debit_owner), (credit_code, credit_kind, credit_owner))
           AS a (code, kind, owner)
     WHERE NOT EXISTS (SELECT FROM ledger_account known
                        WHERE (known.county, known.code, known.owner, known.currency)
                            = (entry_county, a.code, a.owner, in_currency))
     ORDER BY a.code
    ON CONFLICT (county, code, owner, currency) DO NOTHING;
    SELECT a.id INTO debit FROM ledger_account a
     WHERE (a.county, a.code, a.owner, a.currency) = (entry_county, debit_code, debit_owner, in_currency);
    SELECT a.id INTO credit FROM ledger_account a
     WHERE (a.county, a.code, a.owner, a.currency) = (entry_county, credit_code, credit_owner, in_currency);
    SELECT array_agg(kernel_uuid7()) INTO entries FROM unnest(sources);

    INSERT INTO ledger_entry (id, county, source, what, content, booked_at)
    SELECT e.id, entry_county, e.source, entry_what,
           encode(sha256(convert_to(jsonb_build_array(entry_county, entry_what, jsonb_build_array(
               jsonb_build_array(debit_code, debit_kind, debit_owner, in_currency, e.amount, e.ref),
               jsonb_build_array(credit_code, credit_kind, credit_owner, in_currency, -e.amount, e.ref)
               ))::text, 'UTF8')), 'hex'), entry_at
      FROM unnest(entries, sources, amounts, refs) AS e (id, source, amount, ref);
    INSERT INTO ledger_posting (id, entry_id, account_id, county, amount_fen, reference)
    SELECT kernel_uuid7(), e.id, side.account, entry_county, side.sign * e.amount, e.ref
      FROM unnest(entries, amounts, refs) AS e (id, amount, ref)
     CROSS JOIN (VALUES (debit, 1), (credit, -1)) AS side (account, sign);
END
$$;

-- What every entry must be at commit: two postings or more, all of its own county, debit = credit
-- in each currency. Called by the deferred triggers of ledger_entry and ledger_posting.
CREATE OR REPLACE FUNCTION ledger_prove_entry(entry uuid) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    postings bigint;
    uneven text;
    strays bigint;
BEGIN
    SELECT coalesce(sum(c.lines), 0),
           string_agg(c.total || ' ' || c.currency, ', ') FILTER (WHERE c.total <> 0),
           coalesce(sum(c.strays), 0)
      INTO postings, uneven, strays
      FROM (SELECT a.currency, count(*) AS lines, sum(p.amount_fen) AS total,
                   count(*) FILTER (WHERE p.county <> e.county OR a.county <> e.county) AS strays
              FROM ledger_posting p
              JOIN ledger_account a ON a.id = p.account_id
              JOIN ledger_entry e ON e.id = p.entry_id
             WHERE p.entry_id = entry
             GROUP BY a.currency) c;
    IF postings < 2 THEN
        RAISE EXCEPTION 'entry % has % posting(s), not two or more', entry, postings USING ERRCODE = 'check_violation';
    END IF;
    IF uneven IS NOT NULL THEN
        RAISE EXCEPTION 'entry % does not balance: % over', entry, uneven USING ERRCODE = 'check_violation';
    END IF;
    IF strays > 0 THEN
        RAISE EXCEPTION 'entry % reaches into another county', entry USING ERRCODE = 'check_violation';
    END IF;
END
$$;
