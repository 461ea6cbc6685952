module league.example/invite

go 1.19
