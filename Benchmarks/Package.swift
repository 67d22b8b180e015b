// swift-tools-version: 6.2
import PackageDescription

/// A package of its own, so that nobody who builds the lab builds its measurements.
///
/// It sees only the lab's products.
let package = Package(
    name: "opslab-benchmarks",
    dependencies: [.package(name: "opslab", path: "..")],
    targets: [
        .executableTarget(
            name: "HTTPBenchmark",
            dependencies: ["OpsHTTP", "OpsModel", "OpsPostgres", "OpsService", "OpsSystem", "OpsTestKit"].map {
                .product(name: $0, package: "opslab")
            },
            swiftSettings: [
                .enableUpcomingFeature("ExistentialAny"),
                .enableUpcomingFeature("InternalImportsByDefault"),
                .enableUpcomingFeature("MemberImportVisibility"),
            ]
        )
    ]
)
