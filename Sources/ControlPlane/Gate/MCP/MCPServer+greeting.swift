import OpsModel

extension MCPServer {
    /// What `initialize` answers.
    static func greeting(_ version: MCPVersion) -> JSONValue {
        [
            "protocolVersion": .string(version.rawValue), "capabilities": ["tools": ["listChanged": false]],
            "serverInfo": ["name": "opslab", "title": "OpsLab gate", "version": "1"],
            "instructions": .string(instructions),
        ]
    }

    private static let instructions = """
        You are on call for a running system. Call wait_for_incident until it answers an incident. Look with read, cite its \
        answers as evidence, say the cause with diagnose, ask to act with propose, and follow it with outcome until it no \
        longer moves. A person may deny; then look again. When you do not know, or may not act, escalate and touch nothing. \
        Then wait for the next incident. Use the names and actions of the incident rather than names you know.
        """
}
