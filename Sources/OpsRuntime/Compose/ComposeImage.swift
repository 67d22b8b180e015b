import OpsModel

/// An image that a lab in containers is made of.
struct ComposeImage: Sendable, Equatable {
    /// Every one that `compose/compose.yaml` names without a profile.
    static let names = ["services", "postgres", "haproxy"]

    /// Its name with the tag that is taken.
    var reference: String
    var sizeBytes: UInt64
    /// When it was made, in seconds since 1970.
    var created: Int

    /// The reference of one of the names.
    static func reference(_ name: String) -> String { "opslab/\(name):\(ComposeEnvironment.tag)" }

    /// Reads the answer about an image; nil for one that is not there.
    init?(_ reference: String, _ answer: JSONValue?) {
        guard let size = answer?["Size"]?.doubleValue else { return nil }
        self.reference = reference
        sizeBytes = UInt64(max(0, size))
        created = answer?["Created"]?.stringValue.flatMap(EngineTime.init)?.seconds ?? 0
    }

    /// One of the names as the engine has it; nil when it has none.
    static func find(_ name: String, by engine: EngineReach) async throws(RuntimeError) -> ComposeImage? {
        let reference = reference(name)
        return ComposeImage(reference, try await engine.get("/images/\(reference)/json"))
    }

    /// - Throws: `image_missing`, which names all that are missing.
    static func requireAll(by engine: EngineReach) async throws(RuntimeError) {
        var missing: [String] = []
        for name in names where try await find(name, by: engine) == nil { missing.append(reference(name)) }
        guard missing.isEmpty else {
            throw RuntimeError(
                .imageMissing,
                "the engine at \(engine.socket) has no image \(missing.joined(separator: ", "))",
                hint: making
            )
        }
    }

    static let making = "`make images` packs the programs that were built; no registry is asked"
}
