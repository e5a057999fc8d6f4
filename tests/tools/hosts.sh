# shellcheck shell=sh
# To be sourced: can this machine run test hosts? Sets HOSTS to yes or no, and HOSTS_WHY to the reason for no.
# `HOSTS=no make …` leaves them out without asking. What podman needs here comes into the environment.
# HOST_SUITES: which images to have, when not just the usual ones.

case ${HOSTS:-} in
no) HOSTS_WHY="HOSTS=no was given" ;;
*)
    HOSTS=yes HOSTS_WHY=
    mkdir -p .cache/hosts
    # shellcheck disable=SC2086  # several words
    tests/hosts/setup.sh ${HOST_SUITES:-} 2>.cache/hosts/setup.log || {
        status=$?
        HOSTS_WHY=$(cat .cache/hosts/setup.log)
        # 3: no container engine, and none can be had. Anything else is a fault, and hidden by nobody.
        if [ "$status" != 3 ]; then
            echo "$HOSTS_WHY" >&2
            exit "$status"
        fi
        HOSTS=no
    }
    if [ "$HOSTS" = yes ]; then
        settings=$(tests/hosts/env.sh)
        eval "$settings"
    fi
    ;;
esac
