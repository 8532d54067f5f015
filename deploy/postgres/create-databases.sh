#!/bin/sh
# One database and one role for each service, made when the volume of PostgreSQL is first used.
# A role owns its own database and cannot open another's.
set -eu

create() {
    psql --set ON_ERROR_STOP=1 --quiet --username postgres --dbname postgres \
        --set service="$1" --set password="$2" <<'SQL'
CREATE ROLE :"service" LOGIN PASSWORD :'password';
CREATE DATABASE :"service" OWNER :"service";
REVOKE ALL ON DATABASE :"service" FROM PUBLIC;
SQL
}

create membership "$MEMBERSHIP_PASSWORD"
create meetings "$MEETINGS_PASSWORD"
create practices "$PRACTICES_PASSWORD"
create notifications "$NOTIFICATIONS_PASSWORD"

psql --set ON_ERROR_STOP=1 --quiet --username postgres --dbname postgres <<'SQL'
REVOKE ALL ON DATABASE postgres, template1 FROM PUBLIC;
SQL
