DROP TABLE parked_keys;
DROP TABLE parked;
DROP TABLE instances;
DROP TABLE leases;
DROP TABLE inbox;
DROP TABLE outbox;
