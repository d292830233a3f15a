#!/bin/sh
# Makes the certificates of the real servers in the current folder: a root, an intermediate, and leaves good and bad.
set -eu

root() {
    openssl req -x509 -newkey rsa:3072 -nodes -keyout ca.key -out ca.pem -days 3650 -subj '/CN=opi test root' \
        -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign
}

# key NAME SUBJECT: a key and a request for a certificate.
key() {
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$1.key" -out "$1.csr" -subj "$2"
}

intermediate() {
    key intermediate '/CN=opi test intermediate'
    cat > intermediate.ext <<END
basicConstraints=critical,CA:TRUE,pathlen:0
keyUsage=critical,keyCertSign,cRLSign
END
    openssl x509 -req -in intermediate.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 1800 \
        -extfile intermediate.ext -out intermediate.pem
}

# extensions NAME USAGE ALTERNATIVE-NAMES
extensions() {
    cat > "$1.ext" <<END
[leaf]
basicConstraints=CA:FALSE
keyUsage=digitalSignature
extendedKeyUsage=$2
subjectAltName=$3
END
}

# leaf NAME SUBJECT USAGE ALTERNATIVE-NAMES: NAME.pem is the chain, NAME-alone.pem the leaf, NAME.bundle.pem the chain with its key.
leaf() {
    key "$1" "$2"
    extensions "$1" "$3" "$4"
    openssl x509 -req -in "$1.csr" -CA intermediate.pem -CAkey intermediate.key -CAcreateserial -days 365 \
        -extfile "$1.ext" -extensions leaf -out "$1-alone.pem"
    cat "$1-alone.pem" intermediate.pem > "$1.pem"
    cat "$1.pem" "$1.key" > "$1.bundle.pem"
}

# Only `openssl ca` of every version in use sets dates in the past.
expired() {
    key expired '/CN=localhost'
    extensions expired serverAuth DNS:localhost,IP:127.0.0.1
    cat >> expired.ext <<END
[ca]
default_ca=authority
[authority]
database=expired.database
default_md=sha256
new_certs_dir=.
policy=policy
rand_serial=yes
[policy]
commonName=supplied
END
    : > expired.database
    openssl ca -batch -notext -config expired.ext -extensions leaf -cert intermediate.pem -keyfile intermediate.key \
        -startdate 20200101000000Z -enddate 20210101000000Z -in expired.csr -out expired-alone.pem
    cat expired-alone.pem intermediate.pem > expired.pem
}

self_signed() {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout self-signed.key -out self-signed.pem -days 365 \
        -subj '/CN=localhost' -addext subjectAltName=DNS:localhost,IP:127.0.0.1
}

# The second form is what older systems export.
pkcs12() {
    openssl pkcs12 -export -in client-alone.pem -inkey client.key -certfile intermediate.pem -passout pass:123 -out client.p12
    openssl pkcs12 -export -legacy -in client-alone.pem -inkey client.key -certfile intermediate.pem -passout pass:123 -out client-legacy.p12
}

root
intermediate
leaf server '/CN=localhost' serverAuth 'DNS:localhost,DNS:opi.test,DNS:*.opi.test,IP:127.0.0.1,IP:::1'
leaf wrong-host '/CN=other.test' serverAuth 'DNS:other.test'
leaf client '/O=opi/CN=opi client' clientAuth 'email:client@opi.test'
expired
self_signed
pkcs12
rm -f ./*.csr ./*.ext ./*.srl expired.database*
# Servers read the keys under users of their own; the keys are worth nothing.
chmod 644 ./*
