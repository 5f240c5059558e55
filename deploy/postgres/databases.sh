#!/usr/bin/env bash
# A role and a database for each service, which owns it and sees no other. PostgreSQL's image runs this once, for new data.
set -euo pipefail

for service in auth users chats messages realtime bots; do
    name="parlance_$service"
    password="PARLANCE_${service^^}_DATABASE_PASSWORD"
    psql --set=ON_ERROR_STOP=1 --username="$POSTGRES_USER" --dbname="$POSTGRES_DB" \
        --set=name="$name" --set=password="${!password:?}" <<'SQL'
CREATE ROLE :"name" LOGIN PASSWORD :'password';
CREATE DATABASE :"name" OWNER :"name";
REVOKE ALL ON DATABASE :"name" FROM PUBLIC;
SQL
done
