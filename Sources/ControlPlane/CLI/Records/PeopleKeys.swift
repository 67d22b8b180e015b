import OpsCommand
import OpsModel
import OpsRuntime
import OpsSystem
import OpsTrust

/// The people's keys of a lab: the secret halves with the people, the public halves with those who check signatures.
struct PeopleKeys {
    /// One person's key as everybody may know it.
    struct Entry: Encodable {
        var name: String
        var keyID: String
        var publicKey: PublicKey
        var notBefore: Timestamp?
        var notAfter: Timestamp?
        /// Who made it for themselves; nil for a person of their own.
        var mintedBy: String?
        /// The person behind the name.
        var root: String
        var file: String?

        enum CodingKeys: String, CodingKey {
            case name, file, root
            case mintedBy = "minted_by"
            case keyID = "kid"
            case publicKey = "public"
            case notBefore = "not_before"
            case notAfter = "not_after"
        }
    }

    let layout: InstanceLayout
    /// The other labs of the same people: a key is one, wherever it is accepted.
    var others: [InstanceLayout] = []

    private var trustFiles: [String] {
        Self.trustFiles(layout) + others.flatMap(Self.trustFiles).filter(FileSystem.exists)
    }

    private static func trustFiles(_ layout: InstanceLayout) -> [String] {
        ["action", "gate"].map { "\(layout.service($0))/trust.json" }
    }

    func path(of name: String) -> String { "\(layout.people)/\(name)/approver.key" }

    /// Every key that ActionPlane accepts or accepted, and where its secret half lies if it lies here.
    func list() throws -> [Entry] {
        let ring = try trust(trustFiles[0]).ring
        return try ring.keys.filter { $0.role == .approver }.map { key in
            let path = path(of: key.name)
            let isHere = try FileSystem.exists(path) && SigningKey.read(from: path).id == key.id
            return Entry(
                name: key.name,
                keyID: key.id,
                publicKey: key.publicKey,
                notBefore: key.notBefore,
                notAfter: key.notAfter,
                mintedBy: key.mintedBy,
                root: ring.root(of: key.name),
                file: isHere ? path : nil
            )
        }
    }

    /// Makes a person's key, and ends the one that the name had, after the life of a grant.
    ///
    /// With a `maker` it is a further key of theirs; nil leaves whom the name stands for as it is.
    func make(_ name: String, of maker: String? = nil) throws -> Entry {
        for path in trustFiles { _ = try trust(path) }  // before the key that the name has is put away
        let ring = try trust(trustFiles[0]).ring
        if let maker { try checkMaker(maker, of: name, ring) }
        let mintedBy = maker ?? ring.keys.last { $0.role == .approver && $0.name == name }?.mintedBy
        let path = path(of: name)
        let now = Timestamp.now()
        try FileSystem.makeDirectory(FileSystem.parent(of: path), mode: 0o700)
        if FileSystem.exists(path) {
            try FileSystem.move(path, to: "\(path).\(try SigningKey.read(from: path).id)")
        }
        if let mintedBy {
            try FileSystem.writeAtomically(
                Array("\(mintedBy)\n".utf8),
                to: "\(FileSystem.parent(of: path))/\(LabPeople.makerFile)",
                mode: 0o600
            )
        }
        let key = SigningKey.generate()
        try key.write(to: path)
        try change { ring in
            end(name, at: now + 60, in: &ring)
            ring.keys.append(
                TrustedKey(
                    name: name,
                    role: .approver,
                    publicKey: key.publicKey,
                    mintedBy: mintedBy,
                    notBefore: now
                )
            )
        }
        return Entry(
            name: name,
            keyID: key.id,
            publicKey: key.publicKey,
            notBefore: now,
            mintedBy: mintedBy,
            root: try trust(trustFiles[0]).ring.root(of: name),
            file: path
        )
    }

    /// A name that stands for somebody already goes on doing so: else a person could be made two, or two one.
    private func checkMaker(_ maker: String, of name: String, _ ring: KeyRing) throws {
        guard ring.knows(maker, at: .now()) else {
            throw CommandError("no key of \(maker) is accepted", hint: "`opslab keys list` shows whose are")
        }
        guard ring.root(of: maker) != name else {
            throw CommandError("\(name) is the person behind \(maker) already")
        }
        guard
            !ring.keys.contains(where: { $0.role == .approver && $0.name == name })
                || ring.root(of: name) == ring.root(of: maker)
        else {
            throw CommandError(
                "\(name) has a key of their own already, and stays the person they are",
                hint: "choose a name that nobody has had"
            )
        }
    }

    /// Ends every key of a person at once and gives back those that were accepted, as they are now.
    func revoke(_ name: String) throws -> [Entry] {
        let now = Timestamp.now()
        var ended = try list().filter { $0.name == name && $0.notAfter.map { $0 > now } ?? true }
        guard !ended.isEmpty else {
            throw CommandError(
                "no key of \(Terminal.clean(name)) is accepted",
                hint: "`opslab keys list` shows whose are"
            )
        }
        try change { end(name, at: now, in: &$0) }
        let path = path(of: name)
        if FileSystem.exists(path) { try FileSystem.move(path, to: "\(path).\(try SigningKey.read(from: path).id)") }
        for index in ended.indices {
            ended[index].notAfter = now
            ended[index].file = nil
        }
        return ended
    }

    private func end(_ name: String, at moment: Timestamp, in ring: inout KeyRing) {
        for index in ring.keys.indices where ring.keys[index].name == name && ring.keys[index].role == .approver {
            ring.keys[index].notAfter = min(ring.keys[index].notAfter ?? moment, moment)
        }
    }

    private func change(_ body: (inout KeyRing) -> Void) throws {
        for path in trustFiles {
            var file = try trust(path)
            body(&file.ring)
            try FileSystem.writeAtomically(try OpsJSON.encode(file, pretty: true), to: path)
        }
    }

    private func trust(_ path: String) throws -> TrustFile {
        guard FileSystem.exists(path) else {
            throw CommandError("this lab has no \(path)", hint: "`opslab up` makes it", exitCode: ExitCode.unreachable)
        }
        return try OpsJSON.decode(TrustFile.self, from: FileSystem.read(path))
    }
}
