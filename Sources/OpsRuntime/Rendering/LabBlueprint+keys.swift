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
                    ("observer", ["signal:write", "signal:witness"]), ("alertmanager", ["signal:write"]),
                    ("agent", ["agent"]),
                    ("operator", ["operator"]), ("referee", ["operator", "referee", "signal:write"]),
                ]
            ),
            ("\(self.layout.service("action"))/keys.json", .action, [("gate", ["act"]), ("operator", ["act"])]),
            ("\(self.layout.service("chaos"))/keys.json", .chaos, [("operator", ["chaos"]), ("referee", ["chaos"])]),
            (
                "\(self.layout.target)/keys.json", .target,
                [
                    ("referee", ["ledger", "operate", "drain", "shed"]), ("observer", ["ledger"]),
                    ("action", ["drain", "shed"]),
                ]
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
    package func trustFiles(_ secrets: LabSecrets, ceiling: TrustFile.Authority?) throws(RuntimeError) -> [RenderedFile]
    {
        let gate = TrustedKey(name: "gate", role: .gate, publicKey: secrets.gate)
        let known = try knownTrust()
        let ring = KeyRing([gate] + approvers(secrets, known: known?.ring.keys ?? []))
        let trust = TrustFile(ring: ring, ceiling: ceiling ?? known?.ceiling ?? .human, actions: ["restore-db": .human])
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

    /// What was trusted before this start; nil in a new lab.
    private func knownTrust() throws(RuntimeError) -> TrustFile? {
        let path = "\(self.layout.service("action"))/trust.json"
        return try translating {
            guard FileSystem.exists(path) else { return nil }
            return try OpsJSON.decode(TrustFile.self, from: FileSystem.read(path, limit: 1 << 20))
        }
    }

    /// Today's keys, with the spans that were set since, and those that were ended, so that nothing revoked comes back.
    private func approvers(_ secrets: LabSecrets, known: [TrustedKey]) -> [TrustedKey] {
        let today = secrets.approvers.sorted { $0.key < $1.key }.map { name, key in
            var entry =
                known.first { $0.role == .approver && $0.publicKey == key }
                ?? TrustedKey(name: name, role: .approver, publicKey: key)
            entry.mintedBy = self.makers[name] ?? entry.mintedBy
            return entry
        }
        let keys = Set(today.map(\.publicKey))
        return today + known.filter { $0.role == .approver && $0.notAfter != nil && !keys.contains($0.publicKey) }
    }
}
