#!/bin/sh
# Write the locks anew from dev.in, build.in and what the packages declare: `make lock`, from the top folder.
# A pinned version stays as long as it fits; `make lock UPGRADE=1` takes the newest.
set -eu

lock() {
    name=$1
    shift
    UV_CUSTOM_COMPILE_COMMAND="make lock" .venv/bin/uv pip compile --quiet --no-config --universal \
        --python-version 3.11 --generate-hashes --annotation-style line --no-emit-index-url --no-emit-find-links \
        --no-emit-package halqa-shared --no-emit-package halqa-console --no-emit-package halqa-membership --no-emit-package halqa-meetings \
        --no-emit-package halqa-practices --no-emit-package halqa-notifications \
        --output-file "requirements/$name.lock" "$@"
}

lock dev "$@" requirements/dev.in

# Lives in an environment of its own, so it needs nothing of the first.
lock bench "$@" requirements/bench.in

# The others pin what the tests ran with, and nothing else.
lock build --constraint requirements/dev.lock requirements/build.in
echo "halqa-shared @ ./shared" | lock shared --constraint requirements/dev.lock -
for service in membership meetings practices notifications; do
    printf 'halqa-shared @ ./shared\nhalqa-%s @ ./services/%s\n' "$service" "$service" |
        lock "$service" --constraint requirements/dev.lock -
done
