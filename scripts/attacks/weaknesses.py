"""The rules that a weak build lacks, one for each class whose rule no file switches off.

Each with what its absence means, the file, what stands there, and what takes its place. What stands there has to stand there once,
letter for letter: a rule that has moved makes the run red, not weaker.
"""

WEAKNESSES = {
    "changed-parameter": (
        "The parameters of a request are not compared with those that were signed for.",
        "Sources/ActionPlane/Grants/GrantVerifier.swift",
        "guard payload.action == action.name, parameters.isEmpty || parameters == payload.parameters else {",
        "guard payload.action == action.name else {",
    ),
    "foreign-origin": (
        "An origin that only begins like the service's own is its own.",
        "Sources/OpsHTTP/Security/BrowserRules.swift",
        'return origins.contains(origin) || origin.lowercased() == "http://\\(host.lowercased())"',
        'return origins.contains(origin) || origin.lowercased().hasPrefix("http://\\(host.lowercased())")',
    ),
    "real-browser": (
        "Who only reads may call this machine by any name.",
        "Sources/OpsHTTP/Security/BrowserRules.swift",
        "guard hosts.contains(Self.name(of: host)) else {",
        "guard method.isSafe || hosts.contains(Self.name(of: host)) else {",
    ),
    "bodies": (
        "A body may nest as deep as it likes.",
        "Sources/OpsHTTP/Server/RequestBody.swift",
        'if type == "application/json", !JSONDepth.isWithin(depth, request.body) {',
        'if type == "application/json", !JSONDepth.isWithin(.max, request.body) {',
    ),
    "smuggling": (
        "The end of a body may be told twice.",
        "Sources/OpsHTTP/Server/WireRules.swift",
        "guard lengths.count + codings.count <= 1 else {",
        "guard lengths.count + codings.count <= 2 else {",
    ),
    "dripping": (
        "The header of a request may take ten minutes.",
        "Sources/OpsHTTP/Server/HTTPServerConfiguration.swift",
        "public var head: Duration = .seconds(5)",
        "public var head: Duration = .seconds(600)",
    ),
    "statements": (
        "Whom the audit chain is asked about becomes a part of the statement.",
        "Sources/AgentOps/Audit/AuditTrail+search.swift",
        "let found = try await pool.query(",
        """let search = Self.search.replacing("$1 IN", with: filter.actor.map { "actor_id = '\\($0)' OR $1 IN" } ?? "$1 IN")
        let found = try await pool.query(""",
    ),
    "paths": (
        "A link to a directory counts as one, where files are deleted.",
        "Sources/ActionPlane/Target/DisposableFiles.swift",
        "return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR",
        "return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR",
    ),
    "terminal-escapes": (
        "The escape itself is shown as it is.",
        "Sources/OpsCommand/Terminal+Clean.swift",
        "case 0..<0x20, 0x7F...0x9F: true",
        "case 0..<0x1B, 0x7F...0x9F: true",
    ),
    "mcp": (
        "Whoever knows a session's name may go on in it.",
        "Sources/ControlPlane/Gate/MCP/SessionTable.swift",
        "guard let session = sessions[id], session.owner == owner, now - session.usedAt < idle else { return nil }",
        "guard let session = sessions[id], now - session.usedAt < idle else { return nil }",
    ),
    "restored": (
        "Nobody asks whether the records know the run that was begun last.",
        "Sources/ActionPlane/Journal/ActionLedger.swift",
        "func witness(under epoch: Int) -> String? { epoch > highestEpoch ? nil : lastBegun }",
        "func witness(under epoch: Int) -> String? { nil }",
    ),
    "forged-alerts": (
        "What only somebody's alert speaks of is no reason to ask a person.",
        "Sources/ControlPlane/Gate/Policies/Policy.swift",
        "case .auto: return isWitnessed && isAutomatic(proposal) ? .allow : .requireApproval",
        "case .auto: return isAutomatic(proposal) ? .allow : .requireApproval",
    ),
}
