import OpsCommand

extension ParsedArguments {
    /// The `--reason` that a verb cannot do without.
    func reason() throws -> String {
        guard let reason = string("reason"), !reason.allSatisfy(\.isWhitespace) else {
            throw CommandError.usage("say why with --reason")
        }
        return reason
    }
}
