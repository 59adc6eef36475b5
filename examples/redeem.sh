#!/bin/sh
# Redeems a one-time token with OpenSSL alone: redeem.sh HOST PORT TOKEN FINGERPRINT [CERTIFICATE KEY]
# The record goes to standard output, the status line to standard error.
set -eu
host=$1 port=$2 token=$3 fingerprint=$4 certificate=${5:-} key=${6:-}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Fetch the exchange's certificate and hold it against the fingerprint; from then on trust this one certificate only.
openssl s_client -tls1_3 -connect "$host:$port" </dev/null 2>/dev/null | openssl x509 >"$work/exchange.pem"
found=$(openssl x509 -in "$work/exchange.pem" -noout -fingerprint -sha256)
if [ "${found#*=}" != "$fingerprint" ]; then
  echo 'the exchange shows another certificate; nothing was sent' >&2
  exit 1
fi

set -- -quiet -tls1_3 -connect "$host:$port" -CAfile "$work/exchange.pem" -partial_chain -verify_return_error
[ -z "$certificate" ] || set -- "$@" -cert "$certificate" -key "$key"
printf '%s\n' "$token" | openssl s_client "$@" >"$work/answer" 2>"$work/messages" || { cat "$work/messages" >&2; exit 1; }

head -n 1 "$work/answer" >&2
case $(head -n 1 "$work/answer") in
  'GATEHOUSE/1 200 '*) tail -n +2 "$work/answer" ;;
  *) exit 1 ;;
esac
