/// Something that lives as long as its process.
public protocol Service: Sendable {
    /// Works until the task is cancelled, then finishes what it began and returns.
    func run() async throws
}

/// A service made of a closure, for loops that need no type of their own.
public struct Loop: Service {
    private let body: @Sendable () async throws -> Void

    /// Wraps a loop; it must end when its task is cancelled.
    public init(_ body: @escaping @Sendable () async throws -> Void) { self.body = body }

    /// Runs the loop.
    public func run() async throws { try await self.body() }
}
