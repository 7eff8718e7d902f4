#!/bin/sh
# Makes what the compose file mounts as secrets: passwords, an authority of its own with certificates for
# Kafka and the gateways, who issues tokens, and the settings files that hold the passwords. Run once; it changes nothing
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
    # Clients that check strictly (Python from 3.13 on) want the authority's key named.
    printf '%s\n' "subjectAltName=$names,DNS:localhost,IP:127.0.0.1" \
        authorityKeyIdentifier=keyid extendedKeyUsage=serverAuth >"$1.ext"
    openssl x509 -req -in "$1.csr" -CA ca.pem -CAkey ca.key -CAcreateserial -days 825 -sha256 \
        -extfile "$1.ext" -out "$1.crt" 2>/dev/null
    cat "$1.key" "$1.crt" >"$1"
    rm -f "$1.key" "$1.crt" "$1.csr" "$1.ext"
}

issuer() { # folder
    # Who issues the tokens that a region's gateway believes: a key pair as JSON (RFC 8037), named by its
    # thumbprint (RFC 7638). A region with a sign-on service of its own puts that one's public keys here.
    grep -q '"kid"' "$1/jwks.json" 2>/dev/null && return
    openssl genpkey -algorithm ed25519 -outform DER -out "$1/issuer.der"
    d=$(tail -c 32 "$1/issuer.der" | base64url)
    x=$(openssl pkey -inform DER -in "$1/issuer.der" -pubout -outform DER | tail -c 32 | base64url)
    kid=$(printf '{"crv":"Ed25519","kty":"OKP","x":"%s"}' "$x" | openssl dgst -sha256 -binary | base64url)
    public='"kty": "OKP", "crv": "Ed25519", "use": "sig", "kid": "'$kid'", "x": "'$x'"'
    echo "{$public, \"d\": \"$d\"}" >"$1/issuer.json"
    echo "{\"keys\": [{$public}]}" >"$1/jwks.json"
    rm -f "$1/issuer.der"
}

base64url() {
    openssl base64 -A | tr '+/' '-_' | tr -d '='
}

if [ ! -s ca.pem ]; then
    openssl req -x509 -new -newkey rsa:2048 -nodes -days 3650 -sha256 -subj "/CN=collabbus" \
        -addext keyUsage=critical,keyCertSign,cRLSign -keyout ca.key -out ca.pem 2>/dev/null
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
    issuer "$region"
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
