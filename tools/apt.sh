# install_packages NAME...: through apt as root or with sudo; otherwise says exactly what to install.
install_packages() {
    if ! command -v apt-get >/dev/null; then
        echo "These are missing and there is no apt here: $*. Install them with this system's own tool, then try again." >&2
        exit 1
    elif [ "$(id -u)" = 0 ]; then
        as_root=
    elif sudo -n true 2>/dev/null; then
        as_root=sudo
    else
        echo "These packages are missing: $*. Install them, then try again:" >&2
        echo "    sudo apt-get update && sudo apt-get install --no-install-recommends $*" >&2
        exit 1
    fi
    echo "Installing $* …" >&2
    $as_root apt-get update -qq
    DEBIAN_FRONTEND=noninteractive $as_root apt-get install -qq -y --no-install-recommends "$@" >/dev/null
}
