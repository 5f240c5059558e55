DROP TABLE erasures;
DROP TABLE group_members;
DROP TABLE user_groups;
DROP TABLE external_ids;
DROP TABLE users;
DROP TABLE partners;
DROP TABLE tenant_heads;
