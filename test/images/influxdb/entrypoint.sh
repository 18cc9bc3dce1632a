#!/bin/bash
# Starts InfluxDB and the nginx before it, and ends both on SIGTERM. Understands the variables of the official image:
# DOCKER_INFLUXDB_INIT_BUCKET, _RETENTION and _ADMIN_TOKEN (also _ADMIN_TOKEN_FILE).
set -euo pipefail
[[ "${1:-influxd}" == influxd ]] || exec "$@"

token_file="${DOCKER_INFLUXDB_INIT_ADMIN_TOKEN_FILE:-}"
token="${DOCKER_INFLUXDB_INIT_ADMIN_TOKEN:-}"
if [[ -n "$token_file" ]]; then token="$(<"$token_file")"; fi
bucket="${DOCKER_INFLUXDB_INIT_BUCKET:-}"
retention="${DOCKER_INFLUXDB_INIT_RETENTION:-}"

# Every character of the token as itself: it stands in a regular expression, in quotes.
pattern='.*'
if [[ -n "$token" ]]; then pattern="$(sed -E 's/[^A-Za-z0-9_-]/[&]/g' <<<"$token")"; fi
if [[ ! "$token" =~ ^[A-Za-z0-9_=+/.~-]*$ ]]; then echo "the token has characters that tokens do not have" >&2; exit 1; fi

dir="$(mktemp -d)"
config="$(</etc/stand-in/nginx.conf.template)"
config="${config//@LISTEN@/8086}"
config="${config//@UPSTREAM@/127.0.0.1:8087}"
config="${config//@DIR@/$dir}"
config="${config//@TOKEN@/$pattern}"
printf '%s\n' "$config" >"$dir/nginx.conf"

influxd -config /etc/stand-in/influxdb.conf &
influxd=$!
trap 'kill -TERM $(jobs -p) 2>/dev/null || true' TERM INT
until curl -fs http://127.0.0.1:8087/ping; do
  kill -0 "$influxd" || exit 1
  sleep 0.1
done
if [[ -n "$bucket" ]]; then
  with=''
  if [[ -n "$retention" && "$retention" != 0* ]]; then with=" WITH DURATION $retention"; fi
  # A database that is there is left as it is.
  curl -fsS -o /dev/null http://127.0.0.1:8087/query --data-urlencode "q=CREATE DATABASE \"$bucket\"$with"
fi
nginx -c "$dir/nginx.conf" -g 'daemon off;' &
# Whichever ends, by itself or by the signal, ends the container.
wait -n || true
kill -TERM $(jobs -p) 2>/dev/null || true
wait
