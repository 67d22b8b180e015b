/// Where this machine's container engine answers a person.
package enum EngineSocket {
    private static let usual = "/var/run/docker.sock"

    /// The path in `DOCKER_HOST`, else the usual one.
    ///
    /// - Throws: `supervisor_refused` for an engine that is not reached over a unix socket.
    package static func path(_ host: String? = ComposeCommand.variable("DOCKER_HOST")) throws(RuntimeError) -> String {
        guard let host, !host.isEmpty else { return usual }
        guard host.hasPrefix("unix://") else {
            throw RuntimeError(
                .supervisorRefused,
                "DOCKER_HOST is \(host), and a lab needs an engine on this machine",
                hint: "unset DOCKER_HOST, or set it to unix://PATH"
            )
        }
        return String(host.dropFirst("unix://".count))
    }
}
