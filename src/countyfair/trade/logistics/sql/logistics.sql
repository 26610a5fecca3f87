-- Keep parcels that left with a carrier before we heard of them, each with the scans that its sender told: a
-- batch in two statements. A waybill that another parcel of the carrier bears already (two orders in one box)
-- is kept with its reference behind it.
CREATE OR REPLACE FUNCTION logistics_note_sent(
    in_county text, refs text[], carriers text[], waybills text[], destinations text[], weights bigint[],
    from_places text[], sent timestamptz[], received timestamptz[], said_by text
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    parcels uuid[];
BEGIN
    SELECT array_agg(kernel_uuid7()) INTO parcels FROM unnest(refs);
    INSERT INTO logistics_parcel (id, county, reference, waybill, carrier, destination, weight_g, state, pickup_code,
                                  packed_at)
    SELECT p.id, in_county, p.ref,
           CASE WHEN p.nth = 1 AND NOT EXISTS (SELECT FROM logistics_parcel k
                                                WHERE (k.carrier, k.waybill) = (p.carrier, p.waybill))
                THEN p.waybill ELSE left(p.waybill || '/' || replace(p.ref, '-', ''), 40) END,
           p.carrier, p.destination, p.weight, CASE WHEN p.received IS NULL THEN 'handed_over' ELSE 'delivered' END,
           '', p.sent
      FROM (SELECT u.*, row_number() OVER (PARTITION BY u.carrier, u.waybill ORDER BY u.ref) AS nth
              FROM unnest(parcels, refs, carriers, waybills, destinations, weights, sent, received)
                AS u (id, ref, carrier, waybill, destination, weight, sent, received)) p;
    INSERT INTO logistics_scan (id, county, parcel_id, position, kind, place, at, evidence)
    SELECT kernel_uuid7(), in_county, p.id, s.position, s.kind, CASE s.kind WHEN 'delivered' THEN '' ELSE p.place END,
           CASE s.kind WHEN 'delivered' THEN p.received ELSE p.sent END, said_by
      FROM unnest(parcels, from_places, sent, received) AS p (id, place, sent, received)
     CROSS JOIN (VALUES (1, 'packed'), (2, 'handed_over'), (3, 'delivered')) AS s (position, kind)
     WHERE s.position < 3 OR p.received IS NOT NULL;
END
$$;
