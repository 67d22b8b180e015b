import Testing

@testable import OpsRuntime

@Suite("The configuration of the engine's proxy")
struct EngineProxyConfigurationTests {
    @Test("a lab of two containers is written as it was tried against haproxy")
    func whole() throws {
        #expect(try Self.configuration().text == Self.golden)
    }

    @Test("each client has the containers of its own lists, and an order of one is no order of another")
    func clients() throws {
        let text = try Self.configuration(
            targets: ["lab-web", "lab-db"],
            providers: ["lab-pay"],
            observed: ["lab-web", "lab-seen"]
        ).text
        let sections = try Self.sections(of: text)
        #expect(
            Self.calls(in: sections[0]) == [
                "/_ping", "/version",
                "/containers/lab-web/json", "/containers/lab-seen/json",
                "/containers/lab-web/stats", "/containers/lab-seen/stats",
                "/containers/lab-web/logs", "/containers/lab-seen/logs",
            ]
        )
        #expect(
            Self.calls(in: sections[1]) == [
                "/_ping", "/version",
                "/containers/lab-web/json", "/containers/lab-db/json",
                "/containers/lab-web/restart", "/containers/lab-web/stop",
                "/containers/lab-db/restart", "/containers/lab-db/stop",
                "/containers/lab-web/kill", "/containers/lab-db/kill",
                "/containers/lab-web/start", "/containers/lab-web/unpause",
                "/containers/lab-db/start", "/containers/lab-db/unpause",
            ]
        )
        #expect(!sections[1].contains("lab-pay"))
        for name in ["lab-web", "lab-db", "lab-pay"] {
            for verb in ["json", "stats", "stop", "kill", "start", "pause", "unpause", "exec"] {
                #expect(Self.calls(in: sections[2]).contains("/containers/\(name)/\(verb)"))
            }
        }
        #expect(!sections[2].contains("restart"))
        #expect(!sections[2].contains("lab-seen"))
    }

    @Test("of a container in another one's network the injector may ask for the state, and start it anew")
    func links() throws {
        let sections = try Self.sections(of: Self.configuration(links: ["lab-web-net"]).text)
        #expect(!sections[0].contains("lab-web-net") && !sections[1].contains("lab-web-net"))
        let calls = Self.calls(in: sections[2]).filter { $0.contains("lab-web-net") }
        #expect(Set(calls) == Set(["json", "stop", "start"].map { "/containers/lab-web-net/\($0)" }))
        #expect(calls.count == 3)
    }

    @Test("whatever no rule lets through is refused, in every section")
    func refusal() throws {
        for section in try Self.sections(of: Self.configuration().text) {
            let rules = section.split(separator: "\n").filter { $0.contains("http-request allow") }
            #expect(rules.allSatisfy { $0.hasPrefix("    http-request allow if plain !odd ") })
            #expect(rules.allSatisfy { $0.contains(" get ") || $0.contains(" post ") })
            #expect(section.split(separator: "\n").last == "    http-request deny")
        }
    }

    @Test("without containers there is no rule that would need one")
    func empty() throws {
        let text = try Self.configuration(targets: [], providers: [], observed: []).text
        #expect(text.split(separator: "\n").filter { $0.contains("http-request allow") }.count == 2)
        #expect(!text.contains("/containers/"))
        #expect(!text.contains("/exec/"))
    }

    @Test("each client's socket is in a directory of its own")
    func places() throws {
        let configuration = try Self.configuration()
        #expect(
            EngineProxyConfiguration.Client.allCases.map(configuration.socket) == [
                "/run/engine/observer/engine.sock", "/run/engine/action/engine.sock", "/run/engine/chaos/engine.sock",
            ]
        )
    }

    @Test(
        "a name that haproxy or the engine could take for something else is refused",
        arguments: [
            "", "Web", "-web", ".web", "_web", "lab web", "lab-web/json", "lab-web\n    http-request allow",
            "lab-web\r", "lab-web'", "lab-web\"", "lab\\-web", "lab-web#", "lab-$HOME", "lab-%[src]", "lab-web\0",
            "../lab-web",
            "lab-w\u{e9}b", "cafe", "0123456789ab", String(repeating: "web", count: 43),
        ]
    )
    func names(_ name: String) {
        for list in 0..<3 {
            #expect {
                try Self.configuration(
                    targets: list == 0 ? ["lab-web", name] : ["lab-web"],
                    providers: list == 1 ? [name] : ["lab-pay"],
                    observed: list == 2 ? [name] : ["lab-web"]
                )
            } throws: {
                ($0 as? RuntimeError)?.code == .badName
            }
        }
    }

    @Test("names with every permitted letter are taken", arguments: ["web", "0-web", "lab.web_2-x", "cafe-1"])
    func plain(_ name: String) throws {
        #expect(try Self.configuration(targets: [name]).text.contains(" /containers/\(name)/restart\n"))
    }

    @Test("a container is either the lab's to repair or a provider's, and is named once")
    func twice() {
        #expect { try Self.configuration(targets: ["lab-web"], providers: ["lab-web"]) } throws: {
            ($0 as? RuntimeError)?.code == .badName
        }
        #expect { try Self.configuration(observed: ["lab-web", "lab-web"]) } throws: {
            ($0 as? RuntimeError)?.code == .badName
        }
    }

    @Test(
        "a path that would be more than one word, or too long for haproxy, is refused",
        arguments: ["run", "/run/a b", "/run/a\nb", "/run/$HOME", "/run/a,b", String(repeating: "/run", count: 25)]
    )
    func paths(_ path: String) {
        #expect { try Self.configuration(engineSocket: path) } throws: { ($0 as? RuntimeError)?.code == .badName }
        #expect { try Self.configuration(directory: path) } throws: { ($0 as? RuntimeError)?.code == .badName }
    }

    private static func configuration(
        engineSocket: String = "/var/run/docker.sock",
        directory: String = "/run/engine",
        targets: [String] = ["lab-web"],
        providers: [String] = ["lab-pay"],
        observed: [String] = ["lab-web", "lab-pay"],
        links: [String] = []
    ) throws -> EngineProxyConfiguration {
        try EngineProxyConfiguration(
            engineSocket: engineSocket,
            directory: directory,
            targets: targets,
            providers: providers,
            observed: observed,
            links: links
        )
    }

    /// Observer's, ActionPlane's and ChaosServer's.
    private static func sections(of text: String) throws -> [String] {
        let sections = text.split(separator: "\nfrontend ").dropFirst().map(String.init)
        try #require(sections.compactMap { $0.split(separator: "\n").first } == ["observer", "action", "chaos"])
        return sections
    }

    private static func calls(in section: String) -> [String] {
        section.split(separator: "\n").filter { $0.contains("var(txn.call) -m str ") }
            .compactMap { $0.split(separator: " ").last.map(String.init) }
    }

    private static let golden = #"""
        # Generated by `opslab up` at each start.
        # targets: lab-web
        # providers: lab-pay
        # observed: lab-web lab-pay
        # links: 
        global
            maxconn 128
            log stdout format raw local0 warning
            # Holds the headers and the body of every call that is let through, so that all of it is judged.
            tune.bufsize 32768

        defaults
            mode http
            maxconn 40
            log global
            option httplog
            option log-separate-errors
            option dontlognull
            option http-buffer-request
            option http-server-close
            option disable-h2-upgrade
            retries 0
            timeout connect 2s
            timeout queue 5s
            timeout http-request 5s
            timeout http-keep-alive 30s
            timeout client 30s
            timeout server 30s
            http-error status 400 content-type application/json string '{"message":"the proxy cannot read this call"\#
        }'
            http-error status 403 content-type application/json string '{"message":"this lab does not let its calle\#
        r ask the engine for this"}'
            http-error status 408 content-type application/json string '{"message":"the call did not arrive in time"\#
        }'
            http-error status 502 content-type application/json string '{"message":"the answer of the engine canno\#
        t be read"}'
            http-error status 503 content-type application/json string '{"message":"the engine does not answer"}'
            http-error status 504 content-type application/json string '{"message":"the engine did not finish in tim\#
        e"}'

        backend engine
            server engine unix@/var/run/docker.sock

        frontend observer
            bind unix@/run/engine/observer/engine.sock mode 666
            default_backend engine
            http-request set-var(txn.call) 'path,regsub("^/v1[.](2[4-9]|[3-9][0-9])/",/)'
            http-request set-var(txn.query) 'url,regsub("^[^?]*",)'
            acl plain url -m reg '^/[a-z0-9/_.-]{1,200}([?][A-Za-z0-9_.=&-]{1,200})?$'
            acl odd req.hdr(upgrade) -m found
            acl odd req.hdr(connection) -m sub -i upgrade
            acl odd req.hdr(transfer-encoding) -m found
            acl odd req.hdrs,length gt 4096
            acl odd req.body_size gt 16384
            acl get method -m str GET
            acl no-query var(txn.query) -m len 0
            acl no-body req.body_size eq 0
            acl once var(txn.query) -m reg '^[?](?:stream=(?:0|false)(?:&one-shot=(?:0|1|true|false))?|one-shot=(?:0\#
        |1|true|false)&stream=(?:0|false))$'
            acl window var(txn.query) -m reg '^[?](?!(?:.*&)?(?<one>[a-z-]+)=.*&\k<one>=)(?:(?:stdout|stderr|timesta\#
        mps)=(?:0|1|true|false)|(?:since|until)=[0-9]{1,10}(?:[.][0-9]{1,9})?|tail=(?:all|[0-9]{1,6}))(?:&(?:(?:stdo\#
        ut|stderr|timestamps)=(?:0|1|true|false)|(?:since|until)=[0-9]{1,10}(?:[.][0-9]{1,9})?|tail=(?:all|[0-9]{1,6\#
        })))*$'
            acl about var(txn.call) -m str /_ping
            acl about var(txn.call) -m str /version
            http-request allow if plain !odd about get no-query no-body
            acl state var(txn.call) -m str /containers/lab-web/json
            acl state var(txn.call) -m str /containers/lab-pay/json
            http-request allow if plain !odd state get no-query no-body
            acl stats var(txn.call) -m str /containers/lab-web/stats
            acl stats var(txn.call) -m str /containers/lab-pay/stats
            http-request allow if plain !odd stats get once no-body
            acl logs var(txn.call) -m str /containers/lab-web/logs
            acl logs var(txn.call) -m str /containers/lab-pay/logs
            http-request allow if plain !odd logs get window no-body
            http-request set-log-level warning
            http-request deny

        frontend action
            bind unix@/run/engine/action/engine.sock mode 666
            default_backend engine
            http-request set-var(txn.call) 'path,regsub("^/v1[.](2[4-9]|[3-9][0-9])/",/)'
            http-request set-var(txn.query) 'url,regsub("^[^?]*",)'
            acl plain url -m reg '^/[a-z0-9/_.-]{1,200}([?][A-Za-z0-9_.=&-]{1,200})?$'
            acl odd req.hdr(upgrade) -m found
            acl odd req.hdr(connection) -m sub -i upgrade
            acl odd req.hdr(transfer-encoding) -m found
            acl odd req.hdrs,length gt 4096
            acl odd req.body_size gt 16384
            acl get method -m str GET
            acl no-query var(txn.query) -m len 0
            acl no-body req.body_size eq 0
            acl post method -m str POST
            acl patience var(txn.query) -m reg '^(?:[?](?!(?:.*&)?(?<one>[a-z-]+)=.*&\k<one>=)(?:(?:t|timeout)=(?:20\#
        |1?[0-9])|signal=[A-Z0-9]{1,10})(?:&(?:(?:t|timeout)=(?:20|1?[0-9])|signal=[A-Z0-9]{1,10}))*)?$'
            acl signal var(txn.query) -m reg '^(?:[?]signal=[A-Z0-9]{1,10})?$'
            acl about var(txn.call) -m str /_ping
            acl about var(txn.call) -m str /version
            http-request allow if plain !odd about get no-query no-body
            acl state var(txn.call) -m str /containers/lab-web/json
            http-request allow if plain !odd state get no-query no-body
            acl stop var(txn.call) -m str /containers/lab-web/restart
            acl stop var(txn.call) -m str /containers/lab-web/stop
            http-request allow if plain !odd stop post patience no-body
            acl kill var(txn.call) -m str /containers/lab-web/kill
            http-request allow if plain !odd kill post signal no-body
            acl resume var(txn.call) -m str /containers/lab-web/start
            acl resume var(txn.call) -m str /containers/lab-web/unpause
            http-request allow if plain !odd resume post no-query no-body
            http-request set-log-level warning
            http-request deny

        frontend chaos
            bind unix@/run/engine/chaos/engine.sock mode 666
            default_backend engine
            http-request set-var(txn.call) 'path,regsub("^/v1[.](2[4-9]|[3-9][0-9])/",/)'
            http-request set-var(txn.query) 'url,regsub("^[^?]*",)'
            acl plain url -m reg '^/[a-z0-9/_.-]{1,200}([?][A-Za-z0-9_.=&-]{1,200})?$'
            acl odd req.hdr(upgrade) -m found
            acl odd req.hdr(connection) -m sub -i upgrade
            acl odd req.hdr(transfer-encoding) -m found
            acl odd req.hdrs,length gt 4096
            acl odd req.body_size gt 16384
            acl get method -m str GET
            acl no-query var(txn.query) -m len 0
            acl no-body req.body_size eq 0
            acl once var(txn.query) -m reg '^[?](?:stream=(?:0|false)(?:&one-shot=(?:0|1|true|false))?|one-shot=(?:0\#
        |1|true|false)&stream=(?:0|false))$'
            acl post method -m str POST
            acl patience var(txn.query) -m reg '^(?:[?](?!(?:.*&)?(?<one>[a-z-]+)=.*&\k<one>=)(?:(?:t|timeout)=(?:20\#
        |1?[0-9])|signal=[A-Z0-9]{1,10})(?:&(?:(?:t|timeout)=(?:20|1?[0-9])|signal=[A-Z0-9]{1,10}))*)?$'
            acl signal var(txn.query) -m reg '^(?:[?]signal=[A-Z0-9]{1,10})?$'
            acl command req.body -m reg '(?(DEFINE)(?<text>"(?:[ !#-\[\]-~]|\\["\\/bfnrt])*+")(?<list>\[\s*+(?:(?&te\#
        xt)(?:\s*+,\s*+(?&text))*+)?\s*+\])(?<member>"Attach(?:Stdout|Stderr)"\s*+:\s*+(?:true|false)|"(?:Cmd|Env)"\#
        \s*+:\s*+(?&list)|"WorkingDir"\s*+:\s*+(?&text)))\A\s*+\{\s*+(?&member)(?:\s*+,\s*+(?&member))*+\s*+\}\s*+\z\#
        '
            acl detached req.body -m reg '\A\s*+\{\s*+"Detach"\s*+:\s*+true\s*+(?:,\s*+"Tty"\s*+:\s*+false\s*+)?\}\s\#
        *+\z'
            acl state var(txn.call) -m str /containers/lab-web/json
            acl state var(txn.call) -m str /containers/lab-pay/json
            http-request allow if plain !odd state get no-query no-body
            acl stats var(txn.call) -m str /containers/lab-web/stats
            acl stats var(txn.call) -m str /containers/lab-pay/stats
            http-request allow if plain !odd stats get once no-body
            acl stop var(txn.call) -m str /containers/lab-web/stop
            acl stop var(txn.call) -m str /containers/lab-pay/stop
            http-request allow if plain !odd stop post patience no-body
            acl kill var(txn.call) -m str /containers/lab-web/kill
            acl kill var(txn.call) -m str /containers/lab-pay/kill
            http-request allow if plain !odd kill post signal no-body
            acl resume var(txn.call) -m str /containers/lab-web/start
            acl resume var(txn.call) -m str /containers/lab-web/pause
            acl resume var(txn.call) -m str /containers/lab-web/unpause
            acl resume var(txn.call) -m str /containers/lab-pay/start
            acl resume var(txn.call) -m str /containers/lab-pay/pause
            acl resume var(txn.call) -m str /containers/lab-pay/unpause
            http-request allow if plain !odd resume post no-query no-body
            acl exec var(txn.call) -m str /containers/lab-web/exec
            acl exec var(txn.call) -m str /containers/lab-pay/exec
            http-request allow if plain !odd exec post no-query command
            acl exec-start var(txn.call) -m reg ^/exec/[0-9a-f]{64}/start$
            http-request allow if plain !odd exec-start post no-query detached
            acl exec-state var(txn.call) -m reg ^/exec/[0-9a-f]{64}/json$
            http-request allow if plain !odd exec-state get no-query no-body
            http-request set-log-level warning
            http-request deny

        """#
}
