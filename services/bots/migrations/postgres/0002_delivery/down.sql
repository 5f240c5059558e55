DROP TABLE attempts;
DROP TABLE deliveries;
DROP TABLE lanes;
DROP TABLE endpoint_secrets;
DROP TABLE endpoint_changes;
DROP TABLE endpoints;
