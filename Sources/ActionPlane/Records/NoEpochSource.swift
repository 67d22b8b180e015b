/// Stands where no AgentOps database was configured: without a kill switch that can be read, nothing is begun.
struct NoEpochSource: EpochSource {
    func hold(_ origin: GrantOrigin) async throws(ActionError) -> any EpochHold {
        throw ActionError(
            .epochUnreadable,
            "no AgentOps database is configured, so whether the kill switch is on cannot be read",
            hint: "set record.host and the other record settings"
        )
    }

    func current() async -> Int? { nil }
}
