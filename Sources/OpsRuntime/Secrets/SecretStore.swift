import OpsModel
package import OpsSystem
package import OpsTrust

/// Makes each secret once, into a file that only its holder can read.
package struct SecretStore: Sendable {
    package let layout: InstanceLayout
    package let accounts: Accounts

    package init(layout: InstanceLayout, accounts: Accounts) {
        self.layout = layout
        self.accounts = accounts
    }

    /// A password of 256 random bits for a role.
    package func password(_ name: String, for holder: SystemUser) throws(RuntimeError) -> String {
        try self.secret(name, for: holder) { Base64URL.encode((0..<32).map { _ in UInt8.random(in: 0 ... .max) }) }
    }

    /// A service's or a person's key to other services.
    package func key(_ principal: String, for holder: SystemUser) throws(RuntimeError) -> APIKey {
        let text = try self.secret("key-\(principal)", for: holder) { APIKey.generate().secretText }
        guard let key = APIKey(text) else {
            throw RuntimeError(
                .stateDamaged,
                "\(self.layout.secret("key-\(principal)")) holds no key",
                hint: "remove the file and run `opslab up` again"
            )
        }
        return key
    }

    /// A key pair at a path of its own; gives the public half.
    package func signingKey(_ path: String, for holder: SystemUser) throws(RuntimeError) -> PublicKey {
        try translating {
            if FileSystem.exists(path) { return try SigningKey.read(from: path).publicKey }
            let key = SigningKey.generate()
            try key.write(to: path)
            try FileSystem.setAccess(path, mode: 0o600, owner: holder)
            return key.publicKey
        }
    }

    /// Writes the keys a service accepts: hashes only, so that reading the file gives nobody access.
    package func accept(_ keys: [AcceptedKey], in path: String, by service: SystemUser) throws(RuntimeError) {
        try translating {
            try FileSystem.writeAtomically(try OpsJSON.encode(keys, pretty: true), to: path, mode: 0o600)
            try FileSystem.setAccess(path, mode: 0o600, owner: service)
        }
    }

    /// The text of a secret that is kept at a path of its own.
    package func secret(at path: String, for holder: SystemUser, make: () -> String) throws(RuntimeError) -> String {
        try translating {
            if !FileSystem.exists(path) {
                try SecretFile.create(path, Array((make() + "\n").utf8))
            }
            try FileSystem.setAccess(path, mode: 0o600, owner: holder)
            let bytes = try SecretFile.read(path)
            return String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
        }
    }

    private func secret(_ name: String, for holder: SystemUser, make: () -> String) throws(RuntimeError) -> String {
        try self.secret(at: self.layout.secret(name), for: holder, make: make)
    }
}

/// One line of a service's `keys.json`.
package struct AcceptedKey: Codable, Sendable {
    package var prefix: String
    package var sha256: String
    package var principal: String
    package var scopes: [String]
    package var root: String

    package init(_ key: APIKey, principal: String, scopes: [String]) {
        self.prefix = key.prefix
        self.sha256 = key.hash.hex
        self.principal = principal
        self.scopes = scopes
        self.root = principal
    }
}
