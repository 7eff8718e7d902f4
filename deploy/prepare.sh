#!/bin/sh
# Makes what the compose file mounts as secrets: passwords, an authority of its own with certificates for
# Kafka and the gateways, and the settings files that hold the passwords. Run once; it changes nothing
# that is there. Keys of regions and offices are made afterwards, by `docker compose run --rm keys`.
#
#   deploy/prepare.sh [FOLDER]      default: deploy/secrets
set -eu
umask 077
folder=${1:-$(dirname "$0")/secrets}
regions="beijing tianjin hebei"
mkdir -p "$folder/keys"
cd "$folder"

password() { # file
    # Hex: no letter of it means anything to JAAS, YAML or a URL.
    [ -s "$1" ] || openssl rand -hex 24 | tr -d '\n' >"$1"
}

certificate() { # file, names
    [ -s "$1" ] && return
    openssl req -new -newkey rsa:2048 -nodes -keyout "$1.key" -subj "/CN=${2%%,*}" -out "$1.csr" 2>/dev/null
    names=$(echo "$2" | sed 's/[^,]*/DNS:&/g')
    printf 'subjectAltName=%s,DNS:localhost,IP:127.0.0.1\n' "$names" >"$1.ext"
    openssl x509 -req -in "$1.csr" -CA ca.pem -CAkey ca.key -CAcreateserial -days 825 -sha256 \
        -extfile "$1.ext" -out "$1.crt" 2>/dev/null
    cat "$1.key" "$1.crt" >"$1"
    rm -f "$1.key" "$1.crt" "$1.csr" "$1.ext"
}

if [ ! -s ca.pem ]; then
    openssl req -x509 -new -newkey rsa:2048 -nodes -days 3650 -sha256 -subj "/CN=collabbus" \
        -keyout ca.key -out ca.pem 2>/dev/null
fi
for region in $regions; do
    mkdir -p "$region"
    for one in broker services mirror postgres; do password "$region/$one"; done
    certificate "$region/kafka.pem" "kafka-$region"
    certificate "$region/gateway.pem" "gateway-$region"
    [ -s "$region/settings.yaml" ] || cat >"$region/settings.yaml" <<END
kafka:
  security_protocol: SASL_SSL
  sasl_mechanism: PLAIN
  sasl_username: $region
  sasl_password: "$(cat "$region/services")"
END
    [ -s "$region/ledger-url" ] || printf 'postgresql://collabbus:%s@postgres-%s:5432/collabbus\n' \
        "$(cat "$region/postgres")" "$region" >"$region/ledger-url"
    # Whose tokens the gateway believes: put the public keys of who issues them here.
    [ -s "$region/jwks.json" ] || echo '{"keys": []}' >"$region/jwks.json"
done
mkdir -p shared
password shared/broker
certificate shared/kafka.pem "kafka,kafka-beijing,kafka-tianjin,kafka-hebei"
password grafana
# Kafka, PostgreSQL and Grafana run under users of their images, who must read what is mounted for them.
# On this machine the folder itself stays closed to others.
chmod 644 ca.pem grafana shared/* ./*/broker ./*/services ./*/mirror ./*/kafka.pem ./*/postgres
chmod 700 .
echo "$folder: made what lacked"
