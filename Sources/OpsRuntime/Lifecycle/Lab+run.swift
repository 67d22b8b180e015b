public import OpsSystem

extension Lab {
    /// Runs a program to its end as one of the lab's accounts.
    public func run(
        as account: ServiceAccount,
        _ program: String,
        _ arguments: [String],
        within limit: Duration
    ) async throws(RuntimeError) -> CommandOutput {
        let (path, words) = try Accounts.resolve().command(as: account, program, arguments)
        let environment = ["PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "HOME": "/nonexistent"]
        do {
            return try await OpsSystem.run(
                path,
                words,
                environment: environment,
                directory: self.layout.home,
                within: limit
            )
        } catch {
            throw RuntimeError(error)
        }
    }
}
