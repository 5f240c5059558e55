DROP INDEX interactions_customer;
DROP INDEX deliveries_endpoint;
