DROP TABLE tenant_days;
