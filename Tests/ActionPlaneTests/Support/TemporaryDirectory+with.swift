import OpsTestKit

extension TemporaryDirectory {
    /// Lends a directory for as long as the body runs.
    static func with(_ body: (String) async throws -> Void) async throws {
        let directory = try TemporaryDirectory()
        try await body(directory.path)
        withExtendedLifetime(directory) {}
    }
}
