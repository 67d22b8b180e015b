public import OpsModel
public import OpsSystem

/// The directory of locks and the directory of claims that repairs and faults share.
public struct SharedResources: Sendable {
    private let claims: String
    private let locks: String

    /// The two directories, which `up` has made.
    public init(claims: String, locks: String) {
        self.claims = claims
        self.locks = locks
    }

    /// The file whose lock stands for the resource, made if need be, for a program that has no tasks.
    ///
    /// It appears with its mode already set: another service's user may want it in the same instant.
    public func lockFile(_ resource: SharedResource) throws(SystemError) -> String {
        let path = "\(locks)/\(resource.name)"
        guard !FileSystem.exists(path) else { return path }
        let new = "\(locks)/.\(Identifier.random())"
        try FileSystem.writeAtomically([], to: new, mode: 0o660)
        do {
            try FileSystem.moveNew(new, to: path)
        } catch {
            try FileSystem.remove(new)
            guard error.code == .alreadyExists else { throw error }
        }
        return path
    }

    /// Takes the locks of all these resources in one fixed order, or none.
    public func lock(_ resources: [SharedResource], within limit: Duration) async throws(SystemError) -> [FileLock] {
        var held: [FileLock] = []
        do throws(SystemError) {
            for resource in Set(resources).sorted() {
                held.append(try await FileLock.acquire(lockFile(resource), mode: 0o660, within: limit))
            }
        } catch {
            for lock in held { lock.release() }
            throw error
        }
        return held
    }

    /// The last claim of a resource; nil when nobody ever claimed it or the file says nothing readable.
    public func claim(_ resource: SharedResource) -> Claim? {
        // A claim that cannot be read protects nothing; the fingerprint of the live value still decides.
        guard let bytes = try? FileSystem.read(claimPath(resource), limit: 65_536) else { return nil }
        return try? OpsJSON.decode(Claim.self, from: bytes)
    }

    /// Writes a claim; call it only while holding the resource's lock.
    @discardableResult
    public func write(
        _ state: Claim.State,
        of resource: SharedResource,
        by actionID: String,
        fingerprint: String?,
        at now: Timestamp = .now()
    ) throws -> Claim {
        let last = claim(resource)
        let isSameRun = last?.actionID == actionID
        let claim = Claim(
            resource: resource,
            generation: (last?.generation ?? 0) + (isSameRun ? 0 : 1),
            actionID: actionID,
            state: state,
            fingerprint: fingerprint,
            at: now
        )
        try FileSystem.writeAtomically(OpsJSON.encode(claim), to: claimPath(resource), mode: 0o640)
        return claim
    }

    private func claimPath(_ resource: SharedResource) -> String { "\(claims)/\(resource.name).json" }
}
