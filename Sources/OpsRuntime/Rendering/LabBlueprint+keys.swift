import OpsModel
import OpsSystem
package import OpsTrust

extension LabBlueprint {
    /// Tells each service whom it accepts, and ActionPlane whose signatures count.
    package func writeKeys(_ secrets: LabSecrets, _ store: SecretStore) throws(RuntimeError) {
        let accepted: [(path: String, account: ServiceAccount, keys: [(String, [String])])] = [
            (
                "\(self.layout.service("observer"))/keys.json", .observer,
                [("gate", ["reads"]), ("operator", ["reads"]), ("referee", ["reads", "referee"])]
            ),
            (
                "\(self.layout.service("gate"))/keys.json", .control,
                [
                    ("observer", ["signal:write"]), ("agent", ["agent"]), ("operator", ["operator"]),
                    ("referee", ["operator", "referee"]),
                ]
            ),
            ("\(self.layout.service("action"))/keys.json", .action, [("gate", ["act"]), ("operator", ["act"])]),
            ("\(self.layout.service("chaos"))/keys.json", .chaos, [("operator", ["chaos"]), ("referee", ["chaos"])]),
            (
                "\(self.layout.target)/keys.json", .target,
                [("referee", ["ledger", "operate"]), ("observer", ["ledger"])]
            ),
        ]
        for file in accepted {
            let keys = file.keys.compactMap { principal, scopes in
                secrets.keys[principal].map { AcceptedKey($0, principal: principal, scopes: scopes) }
            }
            try store.accept(keys, in: file.path, by: self.accounts[file.account])
        }
    }

    /// The trust file: ActionPlane's own, and a copy for the gate, which may not write either.
    package func trustFiles(_ secrets: LabSecrets, ceiling: TrustFile.Authority) throws(RuntimeError) -> [RenderedFile]
    {
        let gate = TrustedKey(name: "gate", role: .gate, publicKey: secrets.gate)
        let approvers = secrets.approvers.sorted { $0.key < $1.key }
            .map { TrustedKey(name: $0.key, role: .approver, publicKey: $0.value) }
        let trust = TrustFile(ring: KeyRing([gate] + approvers), ceiling: ceiling)
        let text = try translating { try OpsJSON.string(trust, pretty: true) + "\n" }
        return ["action", "gate"].map { service in
            RenderedFile(
                path: "\(self.layout.service(service))/trust.json",
                text: text,
                mode: 0o640,
                owner: .current,
                group: self.accounts[service == "action" ? .action : .control].gid
            )
        }
    }
}
