// swift-tools-version: 6.2
import PackageDescription

/// What a service links beyond the libraries that all five share.
let extras: [String: [String]] = [
    "TargetServer": ["OpsPostgres", "OpsSpec", "OpsTrust"],
    "ActionPlane": ["OpsPostgres", "OpsRuntime", "OpsSpec", "OpsTrust"],
    "ChaosServer": ["OpsPostgres", "OpsRuntime", "OpsSpec", "OpsTrust"],
    "Observer": ["OpsPostgres", "OpsRuntime", "OpsSpec", "OpsTrust"],
    "ControlPlane": [
        "ActionClient", "ChaosClient", "GateClient", "ObserverClient", "OpsPostgres", "OpsRuntime", "OpsScenario",
        "OpsSpec", "OpsTrust", "OpsYAML", "RemediationAgent",
    ],
]
let shared = ["AgentOps", "OpsCommand", "OpsHTTP", "OpsModel", "OpsService", "OpsSystem"]
let services = ["TargetServer", "ActionPlane", "ChaosServer", "Observer", "ControlPlane"]

/// Test targets mirror the source target of the same name; what a test needs beyond it stands here.
let tests: [String: [String]] = [
    "OpsModel": [], "OpsSystem": ["CLinux", "OpsModel"], "OpsService": ["OpsModel"], "OpsCommand": [], "OpsYAML": ["OpsModel"],
    "OpsSpec": ["OpsModel", "OpsService", "OpsYAML"], "OpsScenario": ["OpsModel", "OpsService", "OpsSpec", "OpsYAML"],
    "OpsTrust": ["OpsModel"],
    "OpsHTTP": ["OpsModel", "OpsService", "OpsSystem", "OpsTrust"], "OpsPostgres": ["OpsModel", "OpsSystem"],
    "OpsRuntime": ["OpsHTTP", "OpsModel", "OpsSpec", "OpsSystem", "OpsTrust", "OpsYAML"],
    "AgentOps": ["OpsModel", "OpsPostgres", "OpsService"],
    "RemediationAgent": ["GateClient", "OpsModel", "OpsSpec"],
    "TargetServer": ["OpsHTTP", "OpsModel", "OpsPostgres", "OpsService", "OpsSpec", "OpsSystem", "OpsTrust"],
    "ActionPlane": [
        "AgentOps", "OpsHTTP", "OpsModel", "OpsPostgres", "OpsRuntime", "OpsService", "OpsSpec", "OpsSystem",
        "OpsTrust",
    ],
    "ChaosServer": [
        "ChaosClient", "OpsHTTP", "OpsModel", "OpsPostgres", "OpsRuntime", "OpsScenario", "OpsService", "OpsSpec",
        "OpsSystem", "OpsTrust",
    ],
    "Observer": [
        "AgentOps", "OpsHTTP", "OpsModel", "OpsPostgres", "OpsRuntime", "OpsService", "OpsSpec", "OpsSystem",
    ],
    "ControlPlane": [
        "AgentOps", "GateClient", "OpsCommand", "OpsHTTP", "OpsModel", "OpsPostgres", "OpsRuntime", "OpsScenario",
        "OpsService", "OpsSpec", "OpsSystem", "OpsTrust",
    ],
]

let package = Package(
    name: "opslab",
    products: ["OpsHTTP", "OpsModel", "OpsPostgres", "OpsService", "OpsSystem", "OpsTestKit"].map {
        .library(name: $0, targets: [$0])
    },
    targets: [
        // MARK: C, one importer each
        .target(name: "CLinux"),
        .systemLibrary(name: "CLibpq", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(name: "CYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
        .systemLibrary(name: "CMicrohttpd", pkgConfig: "libmicrohttpd", providers: [.apt(["libmicrohttpd-dev"])]),
        .systemLibrary(name: "CSodium", pkgConfig: "libsodium", providers: [.apt(["libsodium-dev"])]),

        // MARK: Libraries, bottom up
        .target(name: "OpsModel"),
        .target(name: "OpsCommand"),
        .target(name: "OpsSystem", dependencies: ["CLinux"]),
        .target(name: "OpsYAML", dependencies: ["CYAML", "OpsModel"]),
        .target(name: "OpsTrust", dependencies: ["CSodium", "OpsModel"]),
        .target(name: "OpsService", dependencies: ["OpsModel", "OpsSystem", "OpsYAML"]),
        .target(
            name: "OpsHTTP",
            dependencies: ["CCurl", "CLinux", "CMicrohttpd", "OpsModel", "OpsService", "OpsSystem", "OpsTrust"]
        ),
        .target(name: "OpsPostgres", dependencies: ["CLibpq", "OpsModel", "OpsService", "OpsSystem"]),
        .target(name: "OpsSpec", dependencies: ["OpsModel", "OpsYAML"]),
        .target(name: "OpsScenario", dependencies: ["OpsModel", "OpsService", "OpsSpec", "OpsYAML"]),
        .target(
            name: "OpsRuntime",
            dependencies: ["OpsHTTP", "OpsModel", "OpsService", "OpsSpec", "OpsSystem", "OpsTrust"]
        ),
        .target(
            name: "AgentOps",
            dependencies: ["OpsModel", "OpsPostgres", "OpsService", "OpsSystem", "OpsTrust"]
        ),
        .target(name: "ObserverClient", dependencies: ["OpsHTTP", "OpsModel"], path: "Sources/Clients/ObserverClient"),
        .target(name: "GateClient", dependencies: ["OpsHTTP", "OpsModel"], path: "Sources/Clients/GateClient"),
        .target(name: "ActionClient", dependencies: ["OpsHTTP", "OpsModel"], path: "Sources/Clients/ActionClient"),
        .target(name: "ChaosClient", dependencies: ["OpsHTTP", "OpsModel"], path: "Sources/Clients/ChaosClient"),
        // The brain: it may see the gate and the reads behind it, and nothing else.
        .target(name: "RemediationAgent", dependencies: ["GateClient", "OpsModel", "OpsService", "OpsSpec"]),
        .target(
            name: "OpsTestKit",
            dependencies: ["OpsHTTP", "OpsModel", "OpsPostgres", "OpsRuntime", "OpsService", "OpsSystem", "OpsTrust"]
        ),
    ]
        // MARK: Services
        + services.map { service in
            .executableTarget(
                name: service,
                dependencies: (shared + (extras[service] ?? [])).map { .init(stringLiteral: $0) }
            )
        }
        // MARK: Tests
        + tests.keys.sorted().map { name in
            .testTarget(
                name: "\(name)Tests",
                dependencies: ([name, "OpsTestKit"] + (tests[name] ?? [])).map { .init(stringLiteral: $0) }
            )
        }
        + [
            // A target of its own: minutes of arithmetic would starve tests that wait for processes.
            .testTarget(name: "ChaosModelTests", dependencies: ["ChaosServer"]),
            .testTarget(
                name: "WorldSimulatorTests",
                dependencies: ["ActionPlane", "ChaosServer", "ControlPlane", "OpsModel", "OpsRuntime", "OpsService"]
            ),
            .testTarget(
                name: "LogCrashTests",
                dependencies: [
                    "ActionPlane", "AgentOps", "ChaosServer", "OpsModel", "OpsRuntime", "OpsSystem", "OpsTestKit",
                ]
            ),
            .testTarget(
                name: "LabTests",
                dependencies: [
                    "ActionClient", "ChaosClient", "ControlPlane", "GateClient", "ObserverClient", "OpsHTTP",
                    "OpsModel",
                    "OpsPostgres", "OpsRuntime", "OpsService", "OpsSpec", "OpsSystem", "OpsTestKit", "OpsTrust",
                ]
            ),
        ]
)

/// Set by CI, so that a newer compiler's warning stops nobody's build.
let isStrict = Context.environment["OPSLAB_STRICT"] != nil
for target in package.targets where target.type != .system && target.name != "CLinux" {
    target.swiftSettings =
        [
            .enableUpcomingFeature("ExistentialAny"),
            .enableUpcomingFeature("InternalImportsByDefault"),
            .enableUpcomingFeature("MemberImportVisibility"),
        ] + (isStrict ? [.treatAllWarnings(as: .error)] : [])
}
