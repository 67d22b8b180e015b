/// Where the programs of a lab find each other, which is not where a person outside finds them.
///
/// Locally that is one address with a port for each. In containers everybody has an own name and listens everywhere in it, at the
/// port that is published for people: who knows the port knows both addresses.
package struct LabAddresses: Sendable {
    package let runtime: LabRuntime
    package let ports: PortPlan

    package init(_ runtime: LabRuntime, _ ports: PortPlan) {
        self.runtime = runtime
        self.ports = ports
    }

    /// The name, or address, of the machine on which a program listens.
    package func host(_ listener: PortPlan.Listener) -> String {
        runtime == .local ? "127.0.0.1" : listener.program
    }

    /// Where others call a program.
    package func url(_ listener: PortPlan.Listener, at host: String? = nil) -> String {
        "http://\(host ?? self.host(listener)):\(ports[listener])"
    }

    /// How those call a program that look up its name themselves.
    package func namedURL(_ listener: PortPlan.Listener) -> String { self.url(listener, at: listener.program) }

    /// What the program itself is told to listen at.
    package func listen(_ listener: PortPlan.Listener) -> String {
        "\(runtime == .local ? "127.0.0.1" : "0.0.0.0"):\(ports[listener])"
    }
}

extension PortPlan.Listener {
    /// The program that listens.
    package var program: String {
        switch self {
        case .web, .worker, .report, .load, .db, .observer, .chaos, .proxy, .gate, .action: rawValue
        case .api1: "api-1"
        case .api2: "api-2"
        case .upstream1: "payments-a"
        case .upstream2: "payments-b"
        case .kill: "chaos"
        case .agentops: "agentops-db"
        }
    }
}

extension InstanceRecord {
    /// The address of a machine of the lab for a person outside, who reaches all of them at its published ports.
    public func outside(host: String) -> String { runtime == .compose ? "127.0.0.1" : host }

    /// Where a person outside calls what others in the lab call at this address: the port is the same, but that of an
    /// application of somebody's own.
    public func outside(_ url: String) -> String {
        guard runtime == .compose, let colon = url.lastIndex(of: ":") else { return url }
        let host = url[..<colon].split(separator: "/").last.map(String.init) ?? ""
        return application?.url(of: host) ?? "http://127.0.0.1\(url[colon...])"
    }

    /// The port of the target's database for a person outside.
    public func outside(databasePort port: Int) -> Int { application == nil ? port : Int(ports[.db]) }
}
