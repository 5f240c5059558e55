#!/usr/bin/env bash
# Puts the password into the definitions and starts the broker. They are read at each start, so that a new password in .env
# takes effect with the next one.
set -euo pipefail

umask 077
password=${PARLANCE_RABBITMQ_PASSWORD:?is the password of the user parlance}
definitions=$(</etc/parlance/definitions.json)
printf '%s\n' "${definitions//@PASSWORD@/$password}" >/var/lib/rabbitmq/definitions.json
chown rabbitmq:rabbitmq /var/lib/rabbitmq/definitions.json
unset PARLANCE_RABBITMQ_PASSWORD
exec docker-entrypoint.sh rabbitmq-server
