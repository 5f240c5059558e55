-- One endpoint's deliveries in their order, for an operator who asks for them.
CREATE INDEX deliveries_endpoint ON deliveries (endpoint, id);
-- A deleted customer's interactions are over.
CREATE INDEX interactions_customer ON interactions (customer) WHERE finished_at IS NULL AND customer IS NOT NULL;
