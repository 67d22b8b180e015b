/// The keys that Compose knows, so that one which is mistyped is not passed over in silence.
enum ComposeVocabulary {
    /// Keys of the file.
    static let file: Set<String> = [
        "configs", "include", "models", "name", "networks", "secrets", "services", "version", "volumes",
    ]

    /// Keys of a service.
    static let service: Set<String> = [
        "annotations", "attach", "blkio_config", "build", "cap_add", "cap_drop", "cgroup", "cgroup_parent", "command",
        "configs", "container_name", "cpu_count", "cpu_percent", "cpu_period", "cpu_quota", "cpu_rt_period",
        "cpu_rt_runtime", "cpu_shares", "cpus", "cpuset", "credential_spec", "depends_on", "deploy", "develop",
        "device_cgroup_rules", "devices", "dns", "dns_opt", "dns_search", "domainname", "driver_opts", "entrypoint",
        "env_file", "environment", "expose", "extends", "external_links", "extra_hosts", "gpus", "group_add",
        "healthcheck", "hostname", "image", "init", "ipc", "isolation", "label_file", "labels", "links", "logging",
        "mac_address", "mem_limit", "mem_reservation", "mem_swappiness", "memswap_limit", "models", "network_mode",
        "networks", "oom_kill_disable", "oom_score_adj", "pid", "pids_limit", "platform", "ports", "post_start",
        "pre_stop", "privileged", "profiles", "provider", "pull_policy", "read_only", "restart", "runtime", "scale",
        "secrets", "security_opt", "shm_size", "stdin_open", "stop_grace_period", "stop_signal", "storage_opt",
        "sysctls", "tmpfs", "tty", "ulimits", "use_api_socket", "user", "userns_mode", "uts", "volume_driver",
        "volumes", "volumes_from", "working_dir",
    ]

    /// Keys that could change what a draft says and are not followed, with words for the person.
    static let notFollowed = [
        "include": "the services of other files are not read; `docker compose config` prints all in one",
        "extends": "what it takes from elsewhere is not read; `docker compose config` fills it in",
        "env_file": "its values are not read; `docker compose config` fills them in",
        "profiles": "it runs only when a profile is asked for, and is taken all the same",
    ]
}
