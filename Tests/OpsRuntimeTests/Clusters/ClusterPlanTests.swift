import Testing

@testable import OpsRuntime

@Suite("What a cluster is told")
struct ClusterPlanTests {
    private let plan = ClusterPlan(
        data: "/x/pg",
        socketDirectory: "/run/x",
        port: 5_433,
        administrators: ["opslab-db", "root"],
        roles: [
            ClusterPlan.Role(name: "shop", password: "it's"),
            ClusterPlan.Role(name: "observer", password: "p", memberOf: ["pg_monitor"]),
        ],
        databases: [
            ClusterPlan.Database(name: "shop", owner: "shop", extensions: ["pg_stat_statements"]),
            ClusterPlan.Database(name: "vault", visibleTo: []),
        ],
        connections: 60,
        libraries: ["pg_stat_statements"]
    )

    @Test("nobody is trusted, and the administrator never logs in over TCP")
    func authentication() {
        let lines = self.plan.hostBasedAuthentication.split(separator: "\n").filter { !$0.hasPrefix("#") }
        #expect(lines.allSatisfy { !$0.contains("trust") && !$0.contains("password") && !$0.contains("md5") })
        #expect(lines.first { $0.hasPrefix("host") }?.split(separator: " ").last == "reject")
        #expect(self.plan.identityMap.split(separator: "\n").count == 2)
    }

    @Test("names and passwords are quoted")
    func script() {
        let script = self.plan.script
        #expect(script.contains("create role \"shop\" login password 'it''s';"))
        #expect(script.contains("grant \"pg_monitor\" to \"observer\";"))
        #expect(script.contains("revoke connect on database \"vault\" from public;"))
        #expect(script.hasPrefix("\\set ON_ERROR_STOP on\n"))
    }

    @Test("statements are counted in the one database that asks for it, and passwords are not kept with them")
    func statistics() {
        #expect(
            self.plan.extensionScript
                == "\\connect \"shop\"\ncreate extension if not exists \"pg_stat_statements\";\n"
        )
        #expect(self.plan.settings.contains("\nshared_preload_libraries = 'pg_stat_statements'\n"))
        #expect(self.plan.settings.hasSuffix("track_utility = off\n"))
        var plain = self.plan
        plain.libraries = []
        #expect(!plain.settings.contains("preload"))
    }
}
