import OpsModel
import OpsSystem

extension LabBlueprint {
    var proxySettings: String { "\(self.layout.service("chaos"))/proxy.yaml" }
    var proxyList: String { "\(self.layout.service("chaos"))/proxies.json" }

    /// The proxies in the ways out of the shop's programs, as `ChaosServer proxy` takes them.
    ///
    /// Each program calls an address of its own, at the ports that the others have, so that a way can be closed for one alone.
    var proxies: String {
        let called: [String: [PortPlan.Listener]] = [
            "api-1": [.upstream1, .upstream2, .db], "api-2": [.upstream1, .upstream2, .db], "web": [.api1, .api2],
        ]
        let list = self.record.linked.flatMap { program -> [JSONValue] in
            guard let host = self.record.via(of: program) else { return [] }
            return (called[program] ?? []).map { listener in
                [
                    "name": .string("\(program):\(listener.program)"),
                    "listen": .string("\(host):\(self.ports[listener])"),
                    "upstream": .string("\(self.addresses.host(listener)):\(self.ports[listener])"),
                    "link": .string(self.layout.linkSocket(of: program)),
                ]
            }
        }
        // Values of our own always have a JSON text
        return ((try? OpsJSON.string(JSONValue.array(list), pretty: true)) ?? "[]") + "\n"
    }
}
