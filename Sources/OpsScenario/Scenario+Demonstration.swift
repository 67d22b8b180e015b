extension Scenario {
    /// The scenario that `opslab demo` plays: everything is up, nobody can pay, and a restart would not help.
    public static let demonstration = "db-lock"
}
