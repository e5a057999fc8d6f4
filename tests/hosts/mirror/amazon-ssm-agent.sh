#!/bin/sh
# Stands in for the SSM agent in tests: the command line, the files and the exit codes that a role meets, and no AWS.
set -eu

version=@VERSION@
data=/var/lib/amazon/ssm
log=/var/log/amazon/ssm

register() {
    code='' id='' region='' clear='' yes=''
    while [ "$#" -gt 0 ]; do
        case $1 in
        -code) code=$2 && shift ;;
        -id) id=$2 && shift ;;
        -region) region=$2 && shift ;;
        -clear) clear=1 ;;
        -y) yes=1 ;;
        esac
        shift
    done
    if systemctl --quiet is-active amazon-ssm-agent.service; then
        echo "stand-in: the agent has to be stopped first" >&2
        return 3
    fi
    if [ -z "$code" ] || [ -z "$id" ] || [ -z "$region" ]; then
        [ -n "$clear" ] || return 1
        rm -f "$data/vault" # the real one leaves the file, too
        echo "Registration information has been removed from the instance."
        return 0
    fi
    if [ -e "$data/vault" ] && [ -z "$yes" ]; then return 1; fi
    case $code in
    refused*)
        echo "Registration failed due to error registering the instance with AWS SSM. InvalidActivation: $code" >&2
        return 1
        ;;
    esac
    touch "$data/vault"
    (umask 077 && printf '{"ManagedInstanceID":"mi-0%s","Region":"%s"}' "$(printf %.16s "$id" | tr -d -)" "$region" > "$data/registration")
    echo "registered through ${https_proxy:-no proxy}" >> "$data/times"
}

mkdir -p "$data" "$log"
case ${1:-} in
-version) echo "SSM Agent version: $version" ;;
-register) shift && register "$@" ;;
'')
    echo "$(date -Is) INFO stand-in of version $version has started" >> "$log/amazon-ssm-agent.log"
    exec sleep infinity
    ;;
*) exit 1 ;;
esac
